mkdir .wash
cat >.wash/config.yaml <<END
build:
  comand: make
  command: make
dev:
  adress: 127.0.0.1:1
  flurb: 1
workload:
  allowedHost: [a]
novelty: {a: 1}
END
# The time in front of a warning changes.
validate() { wash config validate 2>&1 | sed 's/^[0-9T:.-]*Z //'; }
echo '--- nothing else is wrong'
WASH_NOVELTY=1 WASH_GITHUB_TOKEN=t validate
echo '--- something is'
sed -i 's/adress/address/; s/127.0.0.1:1/here/' .wash/config.yaml
validate
wash build 2>&1 | sed 's/^[0-9T:.-]*Z //'
