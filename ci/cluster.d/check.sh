# ci/cluster check: an image goes through the registry into pods that Pod Security "restricted" admits, one of which reports
# through its termination message and one of which outgrows its memory.
. "$root/ci/cluster.d/common.sh"
need_linux_root
alone
find_python
image=$registry/sluice-check:1
work=$(mktemp -d)
check() { kubectl -n sluice-check "$@"; }
trap 'rm -rf "$work"; kubectl delete namespace sluice-check --ignore-not-found --wait=false >/dev/null 2>&1' EXIT

mkdir -p "$work/root/bin"
cp /bin/busybox "$work/root/bin/sh" # it is the program that it is called as
"$python" "$root/containers/image.py" "$work/image.tar" "$image" "$work/root" --architecture "$(dpkg --print-architecture)" --entrypoint /bin/sh
export CONTAINERD_ADDRESS=$run/containerd.sock
ctr -n sluice-check images import "$work/image.tar" >/dev/null
ctr -n sluice-check images push --plain-http "$image" >/dev/null
ctr -n sluice-check images rm "$image" >/dev/null

pod() { # NAME SCRIPT
	cat <<-END
		---
		apiVersion: v1
		kind: Pod
		metadata: {name: $1}
		spec:
		  restartPolicy: Never
		  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
		  containers:
		  - name: base
		    image: $image
		    imagePullPolicy: Always
		    args: ["-c", "$2"]
		    resources: {limits: {memory: 32Mi}}
		    securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
	END
}
expect() { # NAME PHASE "EXIT_CODE REASON MESSAGE"
	local found state='{.status.containerStatuses[0].state.terminated'
	check wait --for "jsonpath={.status.phase}=$2" --timeout 60s "pod/$1" >/dev/null || die "Cannot trust the cluster: $(check describe pod "$1")"
	found=$(check get pod "$1" -o jsonpath="$state.exitCode} $state.reason} $state.message}")
	[ "$found" = "$3" ] || die "Cannot trust the cluster: of the pod $1, '$found' was seen where '$3' was expected. Run: kubectl describe pod $1"
}

wait_for 60 kubectl create namespace sluice-check || die "Cannot check the cluster: the API server does not answer, or the last check's namespace is still there. Run: ci/cluster status"
kubectl label namespace sluice-check pod-security.kubernetes.io/enforce=restricted >/dev/null
wait_for 30 check get serviceaccount default
{ pod receipt 'echo -n done >/dev/termination-log'; pod greedy 'a=x; while :; do a=$a$a; done'; } | check apply -f - >/dev/null
expect receipt Succeeded '0 Completed done'
expect greedy Failed '137 OOMKilled '
say "works"
