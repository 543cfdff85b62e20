[ -e /dev/full ] || { echo "SKIP: there is no /dev/full"; exit; }
for arguments in --help --version 'config schema' 'completion fish' new 'config show -o json'; do
  wash $arguments >/dev/full
  echo "$arguments: $?"
done
echo '--- a failure stays one'
wash config cleanup >/dev/full
echo $?
echo '--- a closed stdout'
wash config show >&-
echo $?
echo '--- who reads has had enough'
{ wash completion fish; echo "$?" >status; } | head -c 1 >/dev/null
cat status
