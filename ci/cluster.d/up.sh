# ci/cluster up: the network, the control plane, the registry and container runtime, the node; in this order.
. "$root/ci/cluster.d/common.sh"
. "$root/ci/cluster.d/config.sh"
need_linux_root
need_go
alone
umask 022

network() { # the bridge is made here, so that its address is this machine's address from the start
	sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1
	# With a hardware address of its own: otherwise it takes one of its ports', and whenever a pod comes or goes, the others
	# send to an address that is no more until their neighbour tables notice.
	ip link show "$bridge" >/dev/null 2>&1 || ip link add "$bridge" address 0a:58:0a:f4:00:01 type bridge
	ip address replace "$gateway/${pod_cidr#*/}" dev "$bridge"
	ip link set "$bridge" up
	iptables -w -t nat -C "${masquerade[@]}" 2>/dev/null || iptables -w -t nat -A "${masquerade[@]}"
}

control_plane() {
	start etcd "$bin/etcd" --name sluice --data-dir "$run/etcd" --unsafe-no-fsync \
		--listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
		--listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 --initial-cluster sluice=http://127.0.0.1:2380
	start kube-apiserver "$bin/kube-apiserver" --etcd-servers http://127.0.0.1:2379 --authorization-mode Node,RBAC --anonymous-auth=false --bind-address "$gateway" \
		--enable-admission-plugins NodeRestriction --allow-privileged --advertise-address "$gateway" --service-cluster-ip-range "$service_cidr" \
		--client-ca-file "$pki/ca.crt" --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" \
		--kubelet-preferred-address-types InternalIP --kubelet-client-certificate "$pki/apiserver-kubelet.crt" --kubelet-client-key "$pki/apiserver-kubelet.key" \
		--service-account-issuer https://kubernetes.default.svc.cluster.local \
		--service-account-key-file "$pki/accounts.key" --service-account-signing-key-file "$pki/accounts.key"
	start kube-controller-manager "$bin/kube-controller-manager" --kubeconfig "$run/controller-manager.kubeconfig" --bind-address 127.0.0.1 --leader-elect=false \
		--use-service-account-credentials --root-ca-file "$pki/ca.crt" --service-account-private-key-file "$pki/accounts.key"
	start kube-scheduler "$bin/kube-scheduler" --kubeconfig "$run/scheduler.kubeconfig" --bind-address 127.0.0.1 --leader-elect=false
	wait_for 120 kubectl get --raw /readyz || die "Cannot start the API server: it is not ready after 120 seconds. See $log"
}

images() { # the registry, and a container runtime that may pull from it without TLS
	start registry docker-registry serve "$run/registry.yml"
	start containerd containerd --config "$run/containerd.toml"
	wait_for 30 ctr -a "$run/containerd.sock" version || die "Cannot start containerd: it does not answer. See $log/containerd.log"
	ctr -a "$run/containerd.sock" -n k8s.io images import "$bin/pause.tar" >/dev/null
}

node() {
	local procs
	for procs in /sys/fs/cgroup/{,*/}cgroup.procs; do [ ! -e "$procs" ] || mkdir -p "${procs%/*}/$cgroup"; done
	start kubelet "$bin/kubelet" --config "$run/kubelet.yml" --kubeconfig "$run/kubelet.kubeconfig" --root-dir "$run/kubelet" --cert-dir "$pki/kubelet" \
		--hostname-override "$node" --node-ip "$gateway"
	wait_for 60 kubectl get node "$node" || die "Cannot start the node: it did not register. See $log/kubelet.log"
	kubectl wait --for condition=Ready --timeout 120s "node/$node" >/dev/null || die "Cannot start the node: it is not ready. See $log/kubelet.log"
	start kube-proxy "$bin/kube-proxy" --kubeconfig "$run/proxy.kubeconfig" --hostname-override "$node" --cluster-cidr "$pod_cidr" --proxy-mode iptables \
		--healthz-bind-address 127.0.0.1:10256 --iptables-localhost-nodeports=false \
		--conntrack-max-per-core 0 --conntrack-tcp-timeout-established 0 --conntrack-tcp-timeout-close-wait 0
	wait_for 30 kubectl get serviceaccount default || die "Cannot start the cluster: it made no service account. See $log/kube-controller-manager.log"
}

not_taken() { # NAME ADDRESS PORT: by anything but our own daemon
	alive "$1" || ! listening "$2" "$3" 2>/dev/null ||
		die "Cannot start $1: another program listens on port $3. End it; if it is another state folder's cluster, run ci/cluster down with that SLUICE_CLUSTER_STATE."
}

start() { local name=$1 && shift && start_daemon "$name" "$log/$name.log" "$@"; }

mkdir -p "$log" "$pki" "$run"
alive kube-apiserver || rm -f "$log"/*.log
need_packages busybox-static containerd containernetworking-plugins docker-registry iproute2 iptables openssl runc
(. "$root/ci/cluster.d/build.sh")
started=$SECONDS
network
not_taken registry 127.0.0.1 5000
not_taken etcd 127.0.0.1 2379
not_taken kube-apiserver "$gateway" 6443
identities
configurations
control_plane
images
node
say "Kubernetes $version is ready after $((SECONDS - started)) s; state in $state"
settings
