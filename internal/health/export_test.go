package health

import "time"

// Hurry makes a watch ask more often whether a part still answers.
func (w *Watch) Hurry(pulse time.Duration) { w.pulse = pulse }
