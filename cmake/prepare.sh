# What ./squall and ./check share: installing what is missing and building a preset. Sourced by bash scripts
# that set squall_root to the top of the checkout; everything said goes to standard error.

squall_say() { printf 'squall: %s\n' "$*" >&2; }

# The version of SQLite's source package stands in cmake/sqlite.cmake alone.
squall_sqlite_at_hand() {
  local version
  version=$(sed -n 's/^set(sqlite_version \(.*\))$/\1/p' "$squall_root/cmake/sqlite.cmake")
  [[ -n ${SQUALL_SQLITE_DIR:-} || -f $squall_root/build/release/build.ninja ||
     -f ${HOME:-}/.cache/squall/better-sqlite3-$version.tgz ||
     -f $squall_root/build/cache/better-sqlite3-$version.tgz ]]
}

# Prints the names of the Debian packages that are needed and not installed.
squall_missing_packages() {
  local -a wanted
  mapfile -t wanted < <(grep -v '^#' "$squall_root/cmake/debian-packages.txt")
  if ! command -v npm >/dev/null && ! squall_sqlite_at_hand; then
    wanted+=(npm ca-certificates)
  fi
  local installed
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null)
  local package
  for package in "${wanted[@]}"; do
    [[ $'\n'$installed$'\n' == *$'\n'"installed $package"$'\n'* ]] || printf '%s\n' "$package"
  done
}

# Installs what is missing, after saying what. Where it can't (no root, no Debian), it says so and lets the
# build try: the libraries may be there under another roof, and else CMake names the first that is not.
squall_install_packages() {
  command -v dpkg-query >/dev/null || return 0
  local -a missing as_root=()
  mapfile -t missing < <(squall_missing_packages)
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      squall_say "these Debian packages are missing, and there is neither root nor sudo: ${missing[*]}"
      return 0
    fi
    as_root=(sudo)
  fi
  squall_say "installing Debian packages: ${missing[*]}"
  local log
  log=$(mktemp)
  local -a apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y
                -o DPkg::Lock::Timeout=300)
  # A list that can't be refreshed may still be good enough to install from.
  "${apt[@]}" update >"$log" 2>&1 </dev/null
  if ! "${apt[@]}" install --no-install-recommends "${missing[@]}" >>"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    squall_say "installing failed; the whole output is in $log"
    return 1
  fi
  rm -f "$log"
}

# Runs a command quietly: on a terminal its last line stands in place as it goes; its output goes to a log,
# which is shown if the command fails.
# squall_quietly LOG COMMAND...
squall_quietly() {
  local log=$1
  shift
  if [[ -t 2 ]]; then
    local line
    "$@" </dev/null 2>&1 | tee "$log" | while IFS= read -r line; do
      printf '\r\e[K%.*s' "${COLUMNS:-80}" "$line" >&2
    done
    local status=${PIPESTATUS[0]}
    printf '\r\e[K' >&2
  else
    "$@" </dev/null >"$log" 2>&1
    local status=$?
  fi
  ((status == 0)) || cat "$log" >&2
  return "$status"
}

# Configures a preset where it is not yet, then builds its targets (none named: all). One build at a time
# in each folder. The first failure is the result.
# squall_build PRESET [TARGET...]
squall_build() (
  local preset=$1
  shift
  local folder=$squall_root/build/$preset
  mkdir -p "$folder" || exit 1
  exec {lock}>"$folder/.squall-lock" || exit 1
  flock "$lock"
  # ccache fails, and the build with it, where it can't write.
  local ccache_dir=${CCACHE_DIR:-${HOME:-}/.cache/ccache}
  if ! mkdir -p "$ccache_dir" 2>/dev/null || [[ ! -w $ccache_dir ]]; then
    export CCACHE_DIR=$squall_root/build/cache/ccache
  fi
  cd "$squall_root" || exit 1
  if [[ ! -f $folder/build.ninja ]]; then
    squall_say "building the $preset preset in build/$preset for the first time"
    squall_quietly "$folder/configure.log" cmake --preset "$preset" || exit 1
  fi
  squall_quietly "$folder/build.log" ninja -C "$folder" "$@"
)
