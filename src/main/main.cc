// Wiring only: the command line decides everything.
int main() { return 0; }
