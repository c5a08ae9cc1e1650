package audit_test

func child() {}
const childEnv = "AUDIT_TEST_CHILD"
