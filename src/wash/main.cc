#include "wash/app.h"

int main(int argc, char** argv) { return wasmcloud::wash::run_app({argv + 1, argv + argc}); }
