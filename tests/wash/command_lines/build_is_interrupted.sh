# SIGTERM to wash ends the build command and what it started.
mkdir .wash
cat > .wash/config.yaml <<'Y'
build:
  command: sleep 1000 & echo $! > pid.tmp; mv pid.tmp pid; wait
Y
wash build &
while ! test -e pid; do sleep 0.01; done
kill -TERM $!
wait $!
status=$?
# Whoever reaps orphans may not have come to it yet: a dead one counts as ended.
grep -qs '^State:.[^Z]' "/proc/$(cat pid)/status" && echo "the child lives on"
exit $status
