# Sourced by every script of ci/: where things are, how they are said, how tools and daemons are had.
# It must run on Debian, Ubuntu and macOS (bash 3.2) with nothing but a JDK and Python: ci/demo needs no more.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
me=${0##*/}

# One folder for every download and built tool. When it is named, the build tools' own caches go there too.
cache=${SLUICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sluice}
mkdir -p "$cache"
export UV_CACHE_DIR=$cache/uv
# Where Python may not keep what it has compiled, each process of Airflow compiles Airflow anew, which takes 4 s.
export PYTHONDONTWRITEBYTECODE=
if [ -n "${SLUICE_CACHE:-}" ]; then
	export GOMODCACHE=$cache/go/mod GOCACHE=$cache/go/build MAVEN_ARGS="-Dmaven.repo.local=$cache/m2 ${MAVEN_ARGS:-}"
fi

say() { printf '%s: %s\n' "$me" "$*" >&2; }

die() { # [-CODE] MESSAGE: `Cannot <verb> <object>: <reason>. <what to do next>`
	local code=1
	case $1 in -[0-9]*) code=${1#-} && shift ;; esac
	say "$*"
	exit "$code"
}

usage() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; } # a script's opening comment is its help

help_wanted() { # "$@": prints the help and ends, if it is asked for
	local argument
	for argument; do case $argument in -h | --help) usage && exit 0 ;; esac; done
}

digest() { # [FILE...]: SHA-256 of the files, or of what is read
	if command -v sha256sum >/dev/null; then cat "$@" | sha256sum; else cat "$@" | shasum -a 256; fi | cut -d' ' -f1
}

quietly() { # LOG COMMAND...: what the command prints is shown only if it fails
	local log=$1
	shift
	mkdir -p "$(dirname "$log")"
	"$@" >"$log" 2>&1 </dev/null || {
		tail -n 30 "$log" >&2
		return 1
	}
}

wait_for() { # SECONDS COMMAND...: until the command succeeds
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.2
	done
}

exclusively() { # FILE COMMAND...: waits for its turn, where the system has locks for scripts
	local lock=$1
	shift
	mkdir -p "$(dirname "$lock")"
	(
		! command -v flock >/dev/null || flock 8
		"$@"
	) 8>"$lock"
}

# --- What a machine must have -------------------------------------------------------------------------------------

require_java() { # sets JAVA_HOME to a JDK of version 17 or newer
	local java=${JAVA_HOME:+$JAVA_HOME/bin/}java said version
	local how="Install one (Debian: apt-get install openjdk-17-jdk-headless; macOS: brew install openjdk@17) or point JAVA_HOME at it."
	said=$("$java" -XshowSettings:properties -version 2>&1) || die "Cannot find Java: '$java' does not run. Sluice needs a JDK, version 17 or newer. $how"
	version=$(sed -n 's/^ *java.specification.version = //p' <<<"$said")
	[ "${version%%.*}" -ge 17 ] || die "Cannot use Java $version: Sluice needs a JDK, version 17 or newer. $how"
	JAVA_HOME=$(sed -n 's/^ *java.home = //p' <<<"$said")
	[ -x "$JAVA_HOME/bin/javac" ] || die "Cannot compile with $JAVA_HOME: it has no javac, so it is a JRE. Sluice needs a JDK, version 17 or newer. $how"
	export JAVA_HOME
}

find_python() { # sets python to an interpreter of version 3.11 to 3.14 that can make virtual environments
	[ -z "${python:-}" ] || return 0
	local name check='import sys, venv, ensurepip; (3, 11) <= sys.version_info[:2] <= (3, 14) or sys.exit(1); print(sys.executable)'
	for name in ${SLUICE_PYTHON:-python3.11 python3.12 python3.13 python3.14 python3 python}; do
		python=$("$name" -c "$check" 2>/dev/null) && return
	done
	python=
	die "Cannot find Python: none of ${SLUICE_PYTHON:-python3.11 to python3.14, python3} runs, is of version 3.11 to 3.14 and has venv." \
		"Install one (Debian: apt-get install python3 python3-venv; macOS: brew install python@3.12) or point SLUICE_PYTHON at it."
}

need_packages() { # DEBIAN_PACKAGE...: installs those that are missing, which only root can
	exclusively "$cache/lock/apt" install_packages "$@"
}

install_packages() {
	local missing=() name
	for name; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	command -v apt-get >/dev/null || die -69 "Cannot install ${missing[*]}: there is no apt-get. Use Debian or Ubuntu."
	[ "$(id -u)" = 0 ] || die -69 "Cannot install ${missing[*]}: this is not root. Run: apt-get install ${missing[*]}"
	say "installing ${missing[*]}"
	# RUNLEVEL=1: packages bring daemons, and none of them shall start by itself.
	if ! quietly "$cache/log/apt.log" apt_install "${missing[@]}"; then
		quietly "$cache/log/apt.log" apt-get update -qq || die "Cannot install ${missing[*]}: the package index cannot be read. See $cache/log/apt.log"
		quietly "$cache/log/apt.log" apt_install "${missing[@]}" || die "Cannot install ${missing[*]}: apt-get failed. See $cache/log/apt.log"
	fi
}

apt_install() { RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"; }

# --- Python environments ------------------------------------------------------------------------------------------

python_env() { # NAME LOCKFILE: prints the folder of a virtual environment that holds exactly what the lock says
	local env
	find_python
	env=$cache/venv/$1-$({ cat "$2" && "$python" -VV && echo "$python"; } | digest | cut -c1-12)
	if [ ! -e "$env/.complete" ]; then exclusively "$cache/lock/venv-$1" make_env "$env" "$1" "$2" >&2; fi
	echo "$env"
}

make_env() { # FOLDER NAME LOCKFILE
	local tools
	[ ! -e "$1/.complete" ] || return 0
	tools=$(python_tools)
	say "installing the Python environment '$2'"
	"$tools/bin/uv" venv --quiet --clear --python "$python" "$1"
	# Packages are taken as wheels that the lock has hashes of; nothing is built on this machine, but for pyspark,
	# which is published as sources alone and only copied.
	quietly "$cache/log/venv-$2.log" "$tools/bin/uv" pip sync --python "$1/bin/python" --require-hashes --only-binary :all: --no-binary pyspark "$3" ||
		die "Cannot install the Python packages of ${3#"$root"/}: uv failed. See $cache/log/venv-$2.log"
	touch "$1/.complete"
}

python_tools() { # prints the environment that holds uv, which makes all others
	find_python
	local lock=$root/ci/requirements/tools.txt env
	env=$cache/venv/tools-$({ cat "$lock" && "$python" -VV && echo "$python"; } | digest | cut -c1-12)
	if [ ! -e "$env/.complete" ]; then exclusively "$cache/lock/venv-tools" make_tools "$env" "$lock" >&2; fi
	echo "$env"
}

make_tools() { # FOLDER LOCKFILE
	[ ! -e "$1/.complete" ] || return 0
	rm -rf "$1"
	"$python" -m venv "$1"
	quietly "$cache/log/venv-tools.log" "$1/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r "$2" ||
		die "Cannot install uv: pip failed. Check the network and see $cache/log/venv-tools.log"
	touch "$1/.complete"
}

free_port() { # [ADDRESS]: prints a TCP port that nobody listens on
	find_python
	"$python" -c 'import socket, sys; s = socket.socket(); s.bind((sys.argv[1], 0)); print(s.getsockname()[1])' "${1:-127.0.0.1}"
}

listening() { # ADDRESS PORT
	find_python
	"$python" -c 'import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 1).close()' "$1" "$2"
}

answers() { # URL: with a status below 400
	find_python
	"$python" -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=2).read()' "$1"
}

# --- Daemons: each has a pid file in $daemons ---------------------------------------------------------------------

daemons=${daemons:-$cache/run}

# A pid alone may have been given to another process since, so its start time is kept with it.
birth() { # PID: nothing for a process that has ended
	if [ -r /proc/self/stat ]; then
		sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20 }'
	else
		ps -o state=,lstart= -p "$1" 2>/dev/null | awk '$1 !~ /^Z/ { $1 = ""; gsub(" ", ""); print }'
	fi
}

alive() { # NAME
	local pid born
	read -r pid born 2>/dev/null <"$daemons/$1.pid" && [ -n "$born" ] && [ "$(birth "$pid")" = "$born" ]
}

gone() { ! alive "$1"; }

start_daemon() { # NAME LOG COMMAND...: in a session of its own, unless it runs already
	local name=$1 log=$2 session=nohup
	shift 2
	! alive "$name" || return 0
	mkdir -p "$daemons" "$(dirname "$log")"
	! command -v setsid >/dev/null || session=setsid
	"$session" "$@" >>"$log" 2>&1 </dev/null 8>&- 9>&- &
	echo "$! $(birth $!)" >"$daemons/$name.pid"
	disown $! # the shell need not say how it ended
}

stop_daemon() { # NAME [SECONDS]: asked first, and made to after 10 seconds; then what it started
	local pid
	if alive "$1"; then
		read -r pid _ <"$daemons/$1.pid"
		kill "$pid" 2>/dev/null || true
		if wait_for "${2:-10}" gone "$1"; then
			kill -- "-$pid" 2>/dev/null || true # what it started and left behind
		else
			kill -9 -- "-$pid" 2>/dev/null || kill -9 "$pid" 2>/dev/null || true
		fi
	fi
	rm -f "$daemons/$1.pid"
}
