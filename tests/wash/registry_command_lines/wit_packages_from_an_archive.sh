# The folder `wit` of an archive on the web is the package; links in it lead nowhere.
. "$LIB"
mkdir -p .wash wit served/other-1.0/wit
printf 'package my:app;\nworld app { import other:log/log; }\n' > wit/world.wit
printf 'package other:log;\ninterface log { log: func(); }\n' > served/other-1.0/wit/log.wit
printf 'package other:log;\ninterface secret {}\n' > secret.wit
ln -s "$PWD/secret.wit" served/other-1.0/wit/secret.wit
tar -czf served/other.tar.gz -C served other-1.0
echo nothing > served/text.tar.gz
python3 -u -m http.server 0 --bind 127.0.0.1 --directory served >served.log 2>/dev/null &
servers=$!
started served.log '.*(http:\/\/\(127[^/]*\)\/).*'
for name in other text missing; do
  printf 'wit: {sources: {"other:log": "http://%s/%s.tar.gz"}}\n' "$host" $name > .wash/config.yaml
  shown wash wit fetch --clean
  find wit -type f | sort
done
