# ci/cluster build: one binary that holds every program of Kubernetes and etcd, and the image of the pods' first process.
. "$root/ci/cluster.d/common.sh"

build() {
	local stamp=k8s.io/component-base/version part=$bin.part minor
	[ ! -x "$bin/kube" ] || return 0
	rm -rf "$part"
	mkdir -p "$part/pause"
	minor=$(cut -d. -f2 <<<"$version")
	say "building Kubernetes $version (the first time 13 CPU-minutes and 4 GB of Go's caches)"
	(
		cd "$here"
		export CGO_ENABLED=0 GOFLAGS=-buildvcs=false
		nice -n 5 go build -mod=readonly -trimpath -o "$part/kube" \
			-ldflags "-s -w -X $stamp.gitVersion=$version -X $stamp.gitMajor=1 -X $stamp.gitMinor=$minor" .
		go build -trimpath -ldflags '-s -w' -o "$part/pause/pause" ./pause
	) >&2 || die "Cannot build Kubernetes: go build failed, see above. Check the network and the disk, then run it again."
	local name
	for name in etcd kube-apiserver kube-controller-manager kube-proxy kube-scheduler kubelet kubectl; do ln -s kube "$part/$name"; done
	find_python
	"$python" "$root/containers/image.py" "$part/pause.tar" sluice.local/pause:1 "$part/pause" --architecture "$(go env GOARCH)" --entrypoint /pause
	rm -rf "$bin"
	mv "$part" "$bin"
	say "built $bin/kube"
}

[ "$(uname -s)" = Linux ] || cannot "this is $(uname -s), not Linux"
need_go
exclusively "$cache/lock/kube" build
