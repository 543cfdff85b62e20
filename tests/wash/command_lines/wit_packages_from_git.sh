# A repository's folder `wit`, at a branch, is the package.
mkdir -p .wash wit ../other/deep/wit
printf 'package my:app;\nworld app { import other:log/log; }\n' > wit/world.wit
(
  cd ../other
  printf 'package other:log;\ninterface log { log: func(); }\n' > deep/wit/log.wit
  git init --quiet --initial-branch main .
  git -c user.name=a -c user.email=a@b.test add .
  git -c user.name=a -c user.email=a@b.test commit --quiet -m one
  git branch release
  rm -r deep
  git -c user.name=a -c user.email=a@b.test commit --quiet -a -m two
)
printf 'wit: {sources: {"other:log": "git+file://%s/../other#release"}}\n' "$PWD" > .wash/config.yaml
wash wit fetch
find wit -type f | sort
cat wit/deps/other-log/log.wit wkg.lock
printf 'wit: {sources: {"other:log": "git+file://%s/../other"}}\n' "$PWD" > .wash/config.yaml
wash wit fetch --clean
