wash --help-man pages | sed -E 's/[0-9]+ pages/N pages/'
ls pages/wash.1 pages/wash-compose.1
sed -E '1s/"wash [0-9.]+"/"wash VERSION"/' pages/wash-config-init.1
wash --help-man; echo $?
printf x >file; wash --help-man file/pages; echo $?
command -v groff >/dev/null || exit 0
# Nothing of them is strange to the formatter.
for page in pages/*; do groff -man -Tutf8 -ww "$page" 2>&1 >/dev/null; done
