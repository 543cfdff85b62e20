# Its new.command fails where there is no cargo, and says so.
mkdir tools
for tool in sh dirname; do ln -s "$(command -v $tool)" tools/$tool; done
bin=$(dirname "$(command -v wash)")
PATH="$bin:$PWD/tools" wash new hello --lang cpp
[ -x hello/get-wit ] && echo "get-wit is a program"
