#!/bin/sh
# Text to image, by Nano Banana Pro.
#
# Run it as `sh text_to_image.sh`, with the API key in APIFRAME_API_KEY.
# It needs curl 7.71 or later, and jq.
set -euf
: "${APIFRAME_API_KEY:?is not set}"
api=${APIFRAME_BASE_URL:-https://api.apiframe.ai}
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

request() {
  cat <<'JSON'
{
  "prompt": "a glass teapot with a blooming tea flower, backlit by morning sun",
  "model": "nano-banana-pro",
  "nanoBananaParams": {"resolution": "2K", "output_format": "png"}
}
JSON
}

# Asks the API, again when an answer is lost, and leaves the answer in a file. The
# key goes in by stdin: all users of a machine see the arguments of its commands.
ask() {
  code=$(
    curl --silent --show-error --max-time 60 --retry 3 --retry-all-errors \
      --retry-max-time 60 --globoff --header @- --output "$answer" --write-out '%{http_code}' "$@" <<HEADER
X-API-Key: $APIFRAME_API_KEY
HEADER
  )
  case $code in
    2*) ;;
    *)
      echo "Apiframe answered $code: $(cat "$answer")" >&2
      exit 1
      ;;
  esac
}

# The key is the same in every attempt, so that there is one job in the end.
key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
ask "$api/v2/images/generate" --data "$(request)" \
  --header "Idempotency-Key: $key" --header "Content-Type: application/json"
# As part of a URL, and of the names of files.
job=$(jq --raw-output '.jobId | @uri' "$answer")
echo "job $job" >&2

pause=2
end=$(($(date +%s) + 600))
while :; do
  sleep "$pause"
  pause=$(jq --null-input "[$pause * 1.5, 5] | min")
  ask "$api/v2/jobs/$job"
  status=$(jq --raw-output .status "$answer")
  case $status in
    COMPLETED) break ;;
    FAILED | CANCELLED)
      echo "job $job is $status: $(jq --raw-output .error "$answer")" >&2
      exit 1
      ;;
  esac
  if [ "$(date +%s)" -ge "$end" ]; then
    echo "job $job is still $status" >&2
    exit 1
  fi
done

number=0
urls=$(jq --raw-output '.result.images[]' "$answer")
for url in $urls; do
  case $url in
    http://* | https://*) ;; # Not an option of curl, nor a file of this machine.
    *)
      echo "not a URL of HTTP: $url" >&2
      exit 1
      ;;
  esac
  number=$((number + 1))
  path=${url%%\?*}
  file=$job-$number.${path##*[./]}
  curl --silent --show-error --fail --location --globoff --retry 3 \
    --output "$file" "$url"
  echo "$file"
done
