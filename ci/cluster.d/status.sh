# ci/cluster status: what runs. On standard output, the lines of `up` if all does.
. "$root/ci/cluster.d/common.sh"

failed=0
for name in "${programs[@]}"; do
	if alive "$name"; then say "$name runs"; else say "$name does not run" && failed=1; fi
done
[ $failed = 0 ] || exit 1
kubectl wait --for condition=Ready --timeout 1s "node/$node" >/dev/null || die "Cannot use the cluster: its node is not ready. See $log/kubelet.log"
say "Kubernetes $version is ready; state in $state"
settings
