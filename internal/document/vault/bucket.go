package vault

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"
)

// private is who may look into the folder: the service alone.
const private = os.FileMode(0o700)

// OpenBucket opens a bucket by its URL. file:///FOLDER is a folder, which is made where it is not there; another
// kind needs its driver linked in. No error repeats the URL: it may have a secret in it.
func OpenBucket(ctx context.Context, address string) (*blob.Bucket, error) {
	u, err := parse(address)
	if err != nil {
		return nil, err
	}
	if u.Scheme != fileblob.Scheme {
		bucket, err := blob.OpenBucket(ctx, address)
		if err != nil {
			return nil, errors.New("cannot be opened")
		}
		return bucket, nil
	}
	bucket, err := fileblob.OpenBucket(u.Path, &fileblob.Options{CreateDir: true, DirFileMode: private, NoTempDir: true,
		Metadata: fileblob.MetadataDontWrite})
	if err != nil {
		return nil, errors.New("is a folder that cannot be made or written")
	}
	return bucket, nil
}

// CheckAddress says what is wrong with the URL of a bucket, without opening it.
func CheckAddress(address string) error {
	_, err := parse(address)
	return err
}

func parse(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme == "":
		return nil, errors.New("is no URL such as file:///var/lib/oversikt/documents")
	case !blob.DefaultURLMux().ValidBucketScheme(u.Scheme):
		return nil, fmt.Errorf("names a kind of bucket that this program was built without: %q", u.Scheme)
	case u.Scheme == fileblob.Scheme && (u.Host != "" || u.Path == "" || u.RawQuery != ""):
		return nil, errors.New("is no folder such as file:///var/lib/oversikt/documents")
	}
	return u, nil
}

func isMissing(err error) bool { return err != nil && gcerrors.Code(err) == gcerrors.NotFound }
