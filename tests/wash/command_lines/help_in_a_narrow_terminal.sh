command -v script >/dev/null || { echo "SKIP: there is no script"; exit; }
for columns in 10 60 80 300; do
  echo "--- $columns columns"
  script -qec "stty columns $columns; wash config init --help" /dev/null </dev/null | tr -d '\r'
done
