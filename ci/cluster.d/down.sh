# ci/cluster down: ends what `up` started and removes its state; what was built and the logs stay.
. "$root/ci/cluster.d/common.sh"
need_linux_root
alone

for name in kubelet kube-proxy kube-scheduler kube-controller-manager kube-apiserver etcd registry; do stop_daemon "$name"; done

# What the runtime leaves outside the state folder, whatever it is told.
for task in "$run"/containerd-state/io.containerd.runtime.v2.task/*/*/; do
	[ ! -e "$task/address" ] || rm -f "$(sed 's#^unix://##' "$task/address")" /var/lib/cni/results/*-"$(basename "$task")"-*
done
find /var/log/containers -lname "$run/*" -delete 2>/dev/null || true

# The pods' processes are known by their cgroup; their shims by the containerd they answer to.
find /sys/fs/cgroup -path "*/$cgroup/*" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -u | xargs -r kill -9 2>/dev/null || true
for process in /proc/[0-9]*; do
	case $(tr '\0' ' ' 2>/dev/null <"$process/cmdline") in
	*containerd-shim*" -address $run/containerd.sock "*) kill -9 "${process#/proc/}" ;;
	esac
done
stop_daemon containerd

awk -v under="$run/" 'index($5, under) == 1 { print $5 }' /proc/self/mountinfo | tac | xargs -r umount -l
if command -v iptables >/dev/null; then
	iptables -w -t nat -D "${masquerade[@]}" 2>/dev/null || true
	[ ! -x "$bin/kube" ] || "$bin/kube" kube-proxy --cleanup >/dev/null 2>&1 || true
	for chain in INPUT OUTPUT; do iptables -w -D $chain -j KUBE-FIREWALL 2>/dev/null || true; done # the one thing --cleanup leaves
	iptables -w -X KUBE-FIREWALL 2>/dev/null || true
	ip link delete "$bridge" 2>/dev/null || true
fi
find /sys/fs/cgroup/*/$cgroup /sys/fs/cgroup/$cgroup -depth -type d -exec rmdir {} + 2>/dev/null || true
rm -rf "$run"
say "down"
