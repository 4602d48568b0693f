# Sourced by the parts of ci/cluster: the cluster's names and folders, and what a machine must have for it.
export PATH=$PATH:/usr/sbin:/sbin:/usr/local/go/bin

here=$root/ci/cluster.d
version=$(sed -n 's/.*k8s.io\/kubernetes \(v[0-9.]*\)$/\1/p' "$here/go.mod")
bin=$cache/kube/$(cat "$here/go.mod" "$here/go.sum" "$here/main.go" "$here/pause/main.go" | digest | cut -c1-12)
state=${SLUICE_CLUSTER_STATE:-$cache/cluster}
[ ${#state} -le 60 ] || state=/var/tmp/sluice-cluster-$(digest <<<"$state" | cut -c1-8)
log=$state/log # one file per daemon; the next `up` empties it
run=$state/run # all else; `down` removes it
daemons=$run

node=sluice
cgroup=sluice-cluster # every pod's cgroup is below this one
bridge=sluice0
gateway=10.244.0.1 # this machine, as pods see it
pod_cidr=10.244.0.0/24
service_cidr=10.96.0.0/16
registry=localhost:5000
masquerade=(POSTROUTING -s "$pod_cidr" ! -d "$pod_cidr" -m comment --comment "$cgroup" -j MASQUERADE) # pods to the world
programs=(etcd kube-apiserver kube-controller-manager kube-scheduler registry containerd kubelet kube-proxy)

cannot() { die -69 "Cannot run Kubernetes here: $1. Set KUBECONFIG to a cluster, or use a Linux machine as root."; }

need_linux_root() {
	[ "$(uname -s)" = Linux ] || cannot "this is $(uname -s), not Linux"
	[ "$(id -u)" = 0 ] || cannot "this is not root"
}

need_go() { [ -x "$bin/kube" ] || command -v go >/dev/null || cannot "Go is not installed, which is needed to build it once"; }

alone() { # one up, down or check at a time
	mkdir -p "$state"
	exec 9>"$state/lock"
	flock -n 9 || {
		say "waiting for another ci/cluster to end"
		flock 9
	}
}

kubectl() { "$bin/kubectl" --kubeconfig "$run/admin.kubeconfig" "$@"; }

settings() { # what a caller must know, to be evaluated by a shell
	printf '%s=%q\n' KUBECONFIG "$run/admin.kubeconfig"
	printf 'PATH=%q:$PATH\n' "$bin"
	printf '%s=%q\n' CONTAINERD_ADDRESS "$run/containerd.sock" CONTAINERD_NAMESPACE k8s.io SLUICE_REGISTRY "$registry" SLUICE_HOST "$gateway"
}
