package act

// ErrBusy is what Resume says where somebody else drives.
var ErrBusy = errBusy
