# Each mistake: what was wrong, and what would be right; files stay as they were.
wash wit fetch
wash wit build
mkdir wit
wash wit add a:b/c
printf 'package my:app;\nworld app { import a:b/c@1.0.0; }\n' > wit/app.wit
mkdir -p wit/deps
printf 'package a:b@1.0.0;\ninterface c {}\ninterface d {}\n' > wit/deps/ab.wit
wash wit add a
wash wit add a:b
wash wit add a:b/c@1
wash wit add a:b/c
wash wit add nowhere:else/x@1.0.0
wash wit remove x:y
wash wit update x:y
cat wit/app.wit
wash wit add a:b/d@1.0.0
cat wit/app.wit
wash wit remove a:b
cat wit/app.wit
ls wit/deps
printf 'version = 2\n' > wkg.lock
wash wit fetch
printf 'version = 1\n[[packages]]\nregistry = "x"\n' > wkg.lock
wash wit fetch
printf 'not toml' > wkg.lock
wash wit fetch
