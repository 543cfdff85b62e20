# Prints the types that two files define in one namespace. Sources are formatted, which is what this leans on:
# types at namespace scope stand at the start of a line. Those of unnamed namespaces are a file's own.
FNR == 1 { depth = 0; unnamed = 0 }
/^namespace .*\{$/ || /^namespace \{$/ {
  name = $2 == "{" ? "" : $2
  spaces[++depth] = name
  if (name == "") ++unnamed
  next
}
/^}  \/\/ namespace/ { if (spaces[depth--] == "") --unnamed; next }
/^(class|struct|union|enum class|enum) / && !/;$/ && !unnamed {
  line = $0
  sub(/^(enum class|class|struct|union|enum) /, "", line)
  while (sub(/^(\[\[[a-z]+\]\]|alignas\([^)]*\)) /, "", line)) ;
  if (!match(line, /^[A-Za-z_0-9:]+/)) next
  type = substr(line, 1, RLENGTH)
  if (line ~ "^" type "<") next  # a specialisation
  full = ""
  for (i = 1; i <= depth; ++i) full = full spaces[i] "::"
  full = full type
  if (full in seen && seen[full] != FILENAME) print full ": " seen[full] ", " FILENAME
  seen[full] = FILENAME
}
