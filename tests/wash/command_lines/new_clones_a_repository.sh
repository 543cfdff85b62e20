command -v git >/dev/null || { echo "SKIP: git is not installed"; exit; }
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
git init -q -b main ../templates.git && cd ../templates.git
mkdir -p api/.wash && echo one >api/file && ln -s / api-link
printf 'new:\n  command: echo set up; touch made-by-new\n' >api/.wash/config.yaml
git add . && git commit -qm one && git tag first
echo two >api/file && git commit -qam two
cd ../work
from=file://$(realpath ../templates.git)

wash new "$from" --subfolder api
ls -A api && cat api/file
wash new "$from" --subfolder api/ --git-ref first --name older
cat older/file
wash new ../templates.git; ls -A templates
echo "--- what is not there"
wash new "$from" --subfolder nothing --name a
wash new "$from" --subfolder ../work --name a
wash new "$from" --subfolder api-link --name a
wash new "$from" --git-ref nothing --name a | head -n 1
wash new "$from" --git-ref=--orphan=x --name a
wash new file:///does/not/exist --name a | head -n 1
ls -A
