#!/bin/sh
# Uploads and downloads by fetch in a real Chromium, from a page of another origin than the emulator's:
#
#   cargo build -p dingtalk-storage-emulator && crates/emulator/browser/run.sh target/debug/dingtalk-storage-emulator
#
# It needs chromium, python3 and jq. The tests in tests/cors.rs hold the headers without a browser.
set -eu
emulator=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
mkfifo "$work/emulator" "$work/pages"

python3 -u - "$here" > "$work/pages" <<'PYTHON' &
import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
print(server.server_port, flush=True)
server.serve_forever()
PYTHON
read -r port < "$work/pages"
origin="http://localhost:$port"

"$emulator" --cors "$origin" --announce "$work/emulator" > /dev/null &
read -r about < "$work/emulator"
query=$(echo "$about" | jq -r '"api=\(.apiUrl)&key=\(.appKey)&secret=\(.appSecret)&operator=\(.users[0].unionId)"')

chromium --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" --virtual-time-budget=20000 \
  --dump-dom "$origin/index.html?$query" 2> /dev/null | sed -n '/<pre id="log">/,/<\/pre>/p' | sed 's/<[^>]*>//g' > "$work/found"
cat > "$work/wanted" <<'WANTED'
put 200 etag true crc true
get 206 bytes 7-10/11 page
refused 403 true
admin closed
done

WANTED
diff -u "$work/wanted" "$work/found" && echo "Chromium uploads and downloads."
