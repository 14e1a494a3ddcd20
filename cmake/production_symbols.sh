#!/usr/bin/env bash
# Holds the production libraries to their promise: nothing of checkpoints, probes or planted defects is in them,
# neither as a symbol that they define or need nor as the name of a site.
# The library that Squall runs must show both, or this test looks for the wrong names.
#
# production_symbols.sh CHECKPOINT_SOURCE SIMULATED_LIBRARY PRODUCTION_LIBRARY...
set -u
checkpoint_source=$1 simulated=$2
shift 2

traces=$(mktemp) || exit 1
trap 'rm -f "$traces"' EXIT

# Prints what of our names is in a library; nothing if it is clean.
find_traces() {
  nm --demangle "$1" | grep -v '\.o:$' | grep -E 'at_checkpoint|checkpoint\(|at_probe|squall::probe\(|planted'
  strings --data "$1" | grep -F "$site_names"
}

site_names=$(sed -n 's/^ *"\([a-z-]*\)",$/\1/p' "$checkpoint_source")
if [[ $(wc -l <<<"$site_names") -lt 10 ]]; then
  echo "found no site names in $checkpoint_source"
  exit 1
fi

find_traces "$simulated" >"$traces"
if ! grep -q 'planted_defects' "$traces" || ! grep -qF "${site_names%%$'\n'*}" "$traces"; then
  echo "$simulated shows no planted defects or site names: this test would pass whatever happens"
  exit 1
fi

status=0
for library; do
  if find_traces "$library" >"$traces"; [[ -s $traces ]]; then
    echo "$library is for production and contains:"
    cat "$traces"
    status=1
  fi
done
exit "$status"
