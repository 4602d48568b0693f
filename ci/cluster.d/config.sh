# Sourced by up.sh: certificates, and the files that containerd, the registry, the network and the kubelet read.

pki=$run/pki

certificate() { # FILE SUBJECT [EXTENSION...]: signed by the cluster's own authority
	[ ! -s "$pki/$1.crt" ] || return 0
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$pki/$1.key" -subj "$2" 2>/dev/null |
		openssl x509 -req -days 365 -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -CAcreateserial -out "$pki/$1.crt" \
			-extfile <(printf '%s\n' 'extendedKeyUsage=serverAuth,clientAuth' "${@:3}") 2>/dev/null
}

kubeconfig() { # FILE SUBJECT: who may call the API server as whom
	certificate "$1" "$2"
	cat >"$run/$1.kubeconfig" <<-END
		apiVersion: v1
		kind: Config
		current-context: sluice
		contexts: [{name: sluice, context: {cluster: sluice, user: $1}}]
		clusters: [{name: sluice, cluster: {server: "https://$gateway:6443", certificate-authority-data: $(base64 -w0 "$pki/ca.crt")}}]
		users: [{name: $1, user: {client-certificate-data: $(base64 -w0 "$pki/$1.crt"), client-key-data: $(base64 -w0 "$pki/$1.key")}}]
	END
	chmod 600 "$run/$1.kubeconfig"
}

identities() {
	[ -s "$pki/ca.crt" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj /CN=sluice-cluster \
		-addext keyUsage=critical,keyCertSign,digitalSignature -keyout "$pki/ca.key" -out "$pki/ca.crt" 2>/dev/null
	[ -s "$pki/accounts.key" ] || openssl genrsa -out "$pki/accounts.key" 2048 2>/dev/null
	certificate apiserver /CN=kube-apiserver \
		"subjectAltName=IP:127.0.0.1,IP:$gateway,IP:${service_cidr%.*}.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local"
	certificate apiserver-kubelet /O=system:masters/CN=kube-apiserver-kubelet-client
	kubeconfig admin /O=system:masters/CN=admin
	kubeconfig controller-manager /CN=system:kube-controller-manager
	kubeconfig scheduler /CN=system:kube-scheduler
	kubeconfig proxy /CN=system:kube-proxy
	kubeconfig kubelet "/O=system:nodes/CN=system:node:$node"
}

configurations() {
	mkdir -p "$run/hosts/$registry" "$run/cni"
	cat >"$run/registry.yml" <<-END
		version: 0.1
		log: {level: warn, accesslog: {disabled: true}}
		storage: {filesystem: {rootdirectory: $run/registry}, delete: {enabled: true}}
		http: {addr: "$registry"}
	END
	printf '[host."http://%s"]\ncapabilities = ["pull", "resolve", "push"]\n' "$registry" >"$run/hosts/$registry/hosts.toml"
	cat >"$run/cni/sluice.conflist" <<-END
		{"cniVersion": "1.0.0", "name": "sluice", "plugins": [{"type": "bridge", "bridge": "$bridge", "isGateway": true, "hairpinMode": true,
		  "ipam": {"type": "host-local", "dataDir": "$run/cni-addresses", "ranges": [[{"subnet": "$pod_cidr", "gateway": "$gateway"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
	END
	cat >"$run/containerd.toml" <<-END
		version = 2
		root = "$run/containerd"
		state = "$run/containerd-state"
		[grpc]
		address = "$run/containerd.sock"
		[plugins."io.containerd.grpc.v1.cri"]
		sandbox_image = "sluice.local/pause:1"
		netns_mounts_under_state_dir = true
		restrict_oom_score_adj = true # root without CAP_SYS_RESOURCE may not lower it, and runc fails on that
		[plugins."io.containerd.grpc.v1.cri".cni]
		bin_dir = "/usr/lib/cni"
		conf_dir = "$run/cni"
		[plugins."io.containerd.grpc.v1.cri".registry]
		config_path = "$run/hosts"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
		runtime_type = "io.containerd.runc.v2"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
		Root = "$run/runc"
	END
	cat >"$run/kubelet.yml" <<-END
		apiVersion: kubelet.config.k8s.io/v1beta1
		kind: KubeletConfiguration
		containerRuntimeEndpoint: unix://$run/containerd.sock
		authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $pki/ca.crt}}
		authorization: {mode: Webhook}
		address: $gateway
		cgroupDriver: cgroupfs
		cgroupRoot: /$cgroup
		failCgroupV1: false
		clusterDomain: cluster.local
		podLogsDir: $run/pod-logs
		makeIPTablesUtilChains: false
		volumePluginDir: $run/volume-plugins
		serializeImagePulls: false
		syncFrequency: 10s # of volumes; else a ConfigMap that tests change is seen after a minute
		evictionHard: {memory.available: 200Mi, nodefs.available: 1Gi, imagefs.available: 1Gi}
		imageGCHighThresholdPercent: 100
	END
}
