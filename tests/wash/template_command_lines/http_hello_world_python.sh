. "$(dirname "$0")/lib"
python_project http-hello-world-python
serve
ask_hello
finish
passed python -m unittest
