# Sourced by the services: `NAME start FOLDER [OPTION...]`, `NAME stop FOLDER`. A service keeps everything in its folder:
# data, log, pid file, and the KEY=VALUE lines that `start` printed.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
help_wanted "$@"

command=${1:-}
[ $# -ge 2 ] || [ "$command" = build ] || { usage >&2 && exit 2; }
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
