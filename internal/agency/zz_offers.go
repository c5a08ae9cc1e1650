package agency

func (r *Registry) Offers(code, function string) bool { return r.byCode[code] != nil }
