# Sourced by the services: `NAME start FOLDER [OPTION...]`, `NAME stop FOLDER`. A service keeps everything in its folder:
# data, log, pid file, and the KEY=VALUE lines that `start` printed.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
help_wanted "$@"

command=${1:-}
[ $# -ge 2 ] || [ "$command" = build ] || [ "$command" = fetch ] || { usage >&2 && exit 2; }
folder=${2:-}
address=127.0.0.1
port=
shift $(($# < 2 ? $# : 2))
while [ $# -gt 0 ]; do
	case $1 in
	--address) address=${2:?} ;;
	--port) port=${2:?} ;;
	*) usage >&2 && exit 2 ;;
	esac
	shift 2
done
if [ -n "$folder" ]; then
	mkdir -p "$folder"
	folder=$(cd "$folder" && pwd)
	daemons=$folder
fi

serve() { # SECONDS READY_COMMAND -- COMMAND...: starts the daemon, waits for it, prints how to reach it: settings()
	local seconds=$1 ready=$2
	shift 3
	start_daemon "$me" "$folder/$me.log" "$@"
	wait_for "$seconds" ready_or_dead "$ready"
	if ! alive "$me"; then die "Cannot start $me: it ended at once. See $folder/$me.log"; fi
	if ! $ready >/dev/null 2>&1; then
		stop_daemon "$me"
		die "Cannot start $me: it does not answer on $address:$port after $seconds seconds. See $folder/$me.log"
	fi
	say "listens on $address:$port; log in $folder/$me.log"
	settings | tee "$folder/settings"
}

ready_or_dead() { $1 || gone "$me"; }

running() { # prints the lines of the first start, if it still runs
	alive "$me" && [ -s "$folder/settings" ] && cat "$folder/settings"
}

jars_of() { # MODULE: prints the folder of what its pom names, fetched once by the project's Maven and checked by its SHA256SUMS
	local module=$root/ci/services/$1 jars
	jars=$cache/jars/$1-$(cat "$module/pom.xml" "$module/SHA256SUMS" | digest | cut -c1-12)
	if [ ! -e "$jars/.complete" ]; then exclusively "$cache/lock/jars-$1" fetch_jars "$module" "$jars" >&2; fi
	echo "$jars"
}

fetch_jars() { # MODULE FOLDER
	[ ! -e "$2/.complete" ] || return 0
	say "fetching the jars of ${1#"$root"/}/pom.xml"
	rm -rf "$2"
	quietly "$cache/log/jars-${1##*/}.log" "$root/mvnw" -B -ntp -q -f "$1/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$2" ||
		die "Cannot fetch the jars of ${1#"$root"/}/pom.xml: Maven failed. Check the network and see $cache/log/jars-${1##*/}.log"
	(cd "$2" && LC_ALL=C && checksums ./*) >"$cache/log/SHA256SUMS-${1##*/}"
	diff "$1/SHA256SUMS" "$cache/log/SHA256SUMS-${1##*/}" >&2 ||
		die "Cannot use the jars of ${1#"$root"/}/pom.xml: their checksums are not those of SHA256SUMS. If the pom was changed on purpose, copy $cache/log/SHA256SUMS-${1##*/} there"
	touch "$2/.complete"
}

checksums() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }
