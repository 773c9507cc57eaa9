# Functions that .ci/swarm, .ci/kubernetes and .ci/compose-upgrade share: an operator's tool, releases of one
# environment, their deployments, and a steady load meanwhile. Each sources it after lib.sh, with sh and with $source
# (this repository), $work (a folder), $environment and $deploy (the body of its release.deploy) set.

tool=$work/clone/release-config/bin/release
environments=$work/clone/release-config/environments
load=
deployments=

# operator: sets up the tool and config of an operator who builds nothing, from a fresh clone, and a ledger.
operator() {
  git clone -q "$source" "$work/clone"
  export RELEASE_LEDGER="$work/ledger.git" RELEASE_USER=ci
  git init --quiet --bare "$RELEASE_LEDGER"
}

release() { "$tool" "$@"; }

# config GREETING [MORE]: sets the config of the next release.
config() {
  cat >"$environments/$environment.conf" <<CONF
include required("base.conf")
app {
  greeting = "$1"
  store = redis
  redis { host = "$redis_host", password = \${REDIS_PASSWORD} }
  # Should test the release, not this machine's disk and processors.
  deadline = 10s
  http.drain-delay = 5s
  ${2:-}
}
release { deploy { $deploy } }
CONF
}

# create [GREETING [MORE]]: makes the next release.
create() {
  config "${1:-Hello!}" "${2:-}"
  release create "$environment" --app "$app_image" >"$work/create.log" 2>&1 || { cat "$work/create.log" >&2; fail 'no release'; }
}

# newest: prints the newest release's version.
newest() { release show "$environment" --output json | jq -r .release.version; }

# last MEMBER: prints this member of the newest deployment.
last() { release show "$environment" --deployment latest --output json 2>/dev/null | jq -r ".deployment.$1"; }

# ended CODE OUTCOME WHAT GOT: checks how a deployment ended; its progress is in deploy.log.
ended() {
  if [ "$1" != "$4" ] || [ "$2" != "$(last outcome)" ]; then
    cat "$work/deploy.log" >&2
    fail "$3: expected exit code $1 and $2, got $4 and $(last outcome)"
  fi
  release show "$environment" --deployment latest --output json | jq -r --arg what "$3" --slurpfile told "$work/deploy.log" '
    ([$told[] | select(.leg == "doomed") | .seconds] | first) as $doomed | .deployment
    | "ok  \($what): deployment \(.number), \(.release), \(.outcome) after \(.seconds) s"
      + (if .outcome == "healthy" then ", ready after \(.readySeconds) s" else "" end)
      + (if $doomed then ", known after \($doomed) s: \(.reason[:160])" else "" end)'
  deployments="$deployments $2"
}

# deploy CODE OUTCOME WHAT [OPTIONS…]: deploys the newest release.
deploy() {
  wanted=$1 outcome=$2 what=$3
  shift 3
  code=0
  release deploy "$environment" --output jsonl "$@" >"$work/deploy.log" 2>"$work/deploy.err" || code=$?
  [ "$code" = "$wanted" ] || cat "$work/deploy.err" >&2
  ended "$wanted" "$outcome" "$what" "$code"
}

# pipeline WHAT ACTION VERSION: deploys and archives as Jenkins does.
pipeline() {
  (cd "$work/clone" && .ci/pipeline "$2" "$environment" "$3") >"$work/pipeline.log" 2>&1 || { cat "$work/pipeline.log" >&2; fail "$1"; }
  : >"$work/deploy.log"
  ended 0 healthy "$1" 0
  expect 'what is archived' "$(last number) healthy" "$(jq -r '.deployment | "\(.number) \(.outcome)"' "$work/clone/release-$environment-deployment.json")"
}

# refused CODE PATTERN WHAT [OPTIONS…]: expects a deployment that does not begin.
refused() {
  wanted=$1 pattern=$2 what=$3
  shift 3
  number=$(last number)
  code=0
  release deploy "$environment" "$@" >"$work/refused.log" 2>&1 || code=$?
  [ "$code" = "$wanted" ] || { cat "$work/refused.log" >&2; fail "$what: expected exit code $wanted, got $code"; }
  grep -q -e "$pattern" "$work/refused.log" || { cat "$work/refused.log" >&2; fail "$what: expected $pattern"; }
  expect "$what: $(tail -n 1 "$work/refused.log" | cut -c 1-160); the newest deployment" "$number" "$(last number)"
}

# begun LEG [OPTIONS…]: starts one in the background, as process $deploying, and waits until it reports this leg.
begun() {
  leg=$1
  shift
  "$tool" deploy "$environment" --output jsonl "$@" >"$work/deploy.log" 2>"$work/deploy.err" &
  deploying=$!
  until_true 120 grep -q "\"leg\":\"$leg\"" "$work/deploy.log" || { cat "$work/deploy.log" "$work/deploy.err" >&2; fail "no $leg"; }
}

# killed LEG: starts one, and kills its client once it reports this leg.
killed() {
  begun "$1"
  kill -9 "$deploying"
  wait "$deploying" 2>/dev/null || true
  expect "its client killed at $1, on record" under-way "$(last outcome)"
}

# serves VERSION: checks that users reach only this release.
serves() {
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    got=$(get /release | jq -r '"\(.environment) \(.version)"')
    [ "$got" = "$environment $1" ] || fail "expected only $environment $1, got $got"
  done
}

# registry PATH CURL-OPTIONS…: asks the registry about the newest release's image.
registry() {
  image=$(release show "$environment" --output json | jq -r .release.releaseImage.name)
  path=${image#*/}
  path=${path%%[@:]*}/$1
  shift
  curl -fsS ${RELEASE_REGISTRY_USER:+--user "$RELEASE_REGISTRY_USER:$RELEASE_REGISTRY_PASSWORD"} "$@" "http://${image%%/*}/v2/$path"
}
digest() { release show "$environment" --output json | jq -r .release.releaseImage.digest; }

# lose_layer, lose_image: the registry loses the newest release's own layer, its image.
lose_layer() {
  layer=$(registry "manifests/$(digest)" --header 'Accept: application/vnd.oci.image.manifest.v1+json' \
    --header 'Accept: application/vnd.docker.distribution.manifest.v2+json' | jq -r '.layers[-1].digest')
  registry "blobs/$layer" --request DELETE
}
lose_image() { registry "manifests/$(digest)" --request DELETE; }

# status CODE PATTERN WHAT: compares what runs with what is on record.
status() {
  code=0
  release status --running --exit-code >"$work/status.log" 2>&1 || code=$?
  if [ "$code" != "$1" ] || ! grep -q -e "$2" "$work/status.log"; then
    cat "$work/status.log" >&2
    fail "$3: expected exit code $1 and $2, got $code"
  fi
  echo "ok  status, $3: exit code $code: $(grep -e "$2" "$work/status.log" | head -n 1 | cut -c 1-160)"
}

# load URL RATE: starts a steady load of at least 10,000 visits, until load_ends.
load() {
  mkfifo "$work/end"
  java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$source/.ci/Load.java" "$1" "$2" 10000 <"$work/end" >"$work/load.log" 2>&1 &
  load=$!
  exec 9>"$work/end"
}

# load_ends: checks that no visit failed and each was counted once, also in the store, whose count COMMAND… prints.
load_ends() {
  exec 9>&-
  wait "$load" || { load=; cat "$work/load.log" >&2; fail 'requests failed, or visits were counted wrongly'; }
  load=
  tail -n 1 "$work/load.log"
  expect 'the count in the store' "$(sed -n 's/.*numbers [0-9]*\.\.\([0-9]*\),.*/\1/p' "$work/load.log")" "$("$@")"
}

# load_stops: stops the load if the script ends early.
load_stops() {
  exec 9>&-
  [ -z "$load" ] || { kill "$load"; wait "$load"; } 2>/dev/null
  [ ! -f "$work/load.log" ] || cat "$work/load.log"
}

# recorded: checks that the history has every deployment as it ended, and that both chains are intact.
recorded() {
  expect 'the history' "${deployments# }" "$(release history "$environment" --deployments --output json |
    jq -r '[.deployments[].outcome] | reverse | join(" ")')"
  release verify --all >"$work/verify.log" 2>&1 || { cat "$work/verify.log" >&2; fail 'the ledger does not verify'; }
}
