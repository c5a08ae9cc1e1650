package pgcluster

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// maxSocketDir is what sun_path (104 bytes on macOS, 108 on Linux) leaves for
// the folder of the socket.
const maxSocketDir = 104 - len("/.s.PGSQL."+port) - 1

// place is where one cluster lives and as whom it runs.
type place struct {
	dir      string // the caller's folder, without symbolic links
	data     string // the server's data folder
	socket   string
	bin      string
	user     *syscall.Credential // nil: the server runs as this process does
	settings map[string]string
	log      *slog.Logger
}

// makeDir creates the caller's folder and returns its one true path, so that
// two ways to write it are not two clusters.
func makeDir(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("open database folder: no folder given")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("open database folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("create database folder: %w", err)
	}
	dir, err = filepath.EvalSymlinks(dir)
	if err != nil {
		return "", fmt.Errorf("open database folder: %w", err)
	}
	return dir, nil
}

// locate decides, with the folder already locked, on everything a server needs.
func locate(dir string, o Options) (*place, error) {
	p := &place{dir: dir, data: filepath.Join(dir, "data"), settings: o.Settings, log: o.Log}
	bin, err := binariesFor(o.BinDir, p.data)
	if err != nil {
		return nil, err
	}
	p.bin = bin
	if os.Geteuid() == 0 {
		if p.user, err = serverUser(p.data, dir); err != nil {
			return nil, err
		}
	}
	if err := p.locateData(o.fallback); err != nil {
		return nil, err
	}
	if err := p.checkOwner(); err != nil {
		return nil, err
	}
	return p, p.locateSocket()
}

// locateData resolves the data folder: dir/data, or what dir/data links to, or,
// when the server's user cannot reach dir, a folder below fallback.
func (p *place) locateData(fallback string) error {
	link := p.data
	info, err := os.Lstat(link)
	switch {
	case err == nil && info.Mode()&fs.ModeSymlink != 0:
		if p.data, err = os.Readlink(link); err != nil {
			return fmt.Errorf("locate data folder: %w", err)
		}
		if !filepath.IsAbs(p.data) {
			p.data = filepath.Join(p.dir, p.data)
		}
		if err := makeOpen(filepath.Dir(p.data)); err != nil {
			return fmt.Errorf("create data folder: %w", err)
		}
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("locate data folder: %w", err)
	case p.reaches(p.dir):
		return nil
	case err == nil:
		return fmt.Errorf("user %d, who owns %s, may not enter its parent folders", p.uid(), link)
	case !p.reaches("/"):
		return fmt.Errorf("user %d may not run %s/postgres", p.uid(), p.bin)
	}
	base := p.elsewhere(fallback)
	p.data = filepath.Join(base, "data")
	// Without the link whatever lies there is of a folder that was since
	// deleted: who deletes the folder wants the data gone.
	if err := p.stopPostmaster(); err != nil {
		return err
	}
	if err := os.RemoveAll(base); err != nil {
		return fmt.Errorf("remove data of a deleted folder: %w", err)
	}
	if err := makeOpen(base); err != nil {
		return fmt.Errorf("create data folder: %w", err)
	}
	p.log.Warn("the database user may not enter the folder; its data goes elsewhere",
		"uid", p.uid(), "folder", p.dir, "data", p.data)
	if err := os.Symlink(p.data, link); err != nil {
		return fmt.Errorf("link to data folder: %w", err)
	}
	return nil
}

// elsewhere is the folder below fallback for data that cannot lie in p.dir.
func (p *place) elsewhere(fallback string) string { return filepath.Join(fallback, hash(p.dir)) }

// makeOpen creates a folder, and those above it, that every user may enter, whatever the umask
// says. One that is there already stays as it is.
func makeOpen(dir string) error {
	err := os.Mkdir(dir, 0o755)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeOpen(filepath.Dir(dir)); err != nil {
			return err
		}
		err = os.Mkdir(dir, 0o755)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.Chmod(dir, 0o755)
}

// checkOwner refuses early, in words, what PostgreSQL would refuse in its log.
func (p *place) checkOwner() error {
	uid, ok := ownerOf(p.data)
	if ok && uid != p.uid() {
		return fmt.Errorf("data folder %s belongs to user %d: open it as that user or as root, or delete it", p.data, uid)
	}
	return nil
}

// locateSocket makes the private folder of the socket. Its path is short
// whatever the length of dir, and the same at each start.
func (p *place) locateSocket() error {
	name := fmt.Sprintf("oversikt-%d-%s", p.uid(), hash(p.dir))
	for _, parent := range []string{os.TempDir(), "/tmp"} {
		p.socket = filepath.Join(parent, name)
		if len(p.socket) <= maxSocketDir && p.reaches(parent) {
			return p.makePrivate(p.socket)
		}
	}
	return fmt.Errorf("no short temporary folder for the socket: %s has %d bytes", p.socket, len(p.socket))
}

// makePrivate creates a folder that the server's user alone may enter. As the
// parent is open to all, a folder that is there already is checked.
func (p *place) makePrivate(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("create private folder: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("check private folder: %w", err)
	}
	uid := info.Sys().(*syscall.Stat_t).Uid
	if !info.IsDir() || info.Mode().Perm()&0o077 != 0 || (uid != p.uid() && uid != uint32(os.Geteuid())) {
		return fmt.Errorf("%s is not a private folder of user %d: delete it", dir, p.uid())
	}
	return p.giveToServer(dir)
}

// giveToServer makes the server's user the owner.
func (p *place) giveToServer(path string) error {
	if p.user == nil {
		return nil
	}
	if err := os.Lchown(path, int(p.user.Uid), int(p.user.Gid)); err != nil {
		return fmt.Errorf("give folder to the database user: %w", err)
	}
	return nil
}

// uid is the user that the server runs as.
func (p *place) uid() uint32 {
	if p.user != nil {
		return p.user.Uid
	}
	return uint32(os.Geteuid())
}

// reaches reports whether the server's user can enter dir. It is tried, not
// computed: mode bits do not know about access lists and security modules.
func (p *place) reaches(dir string) bool {
	if p.user == nil {
		return true
	}
	cmd := exec.Command(filepath.Join(p.bin, "postgres"), "--version")
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.user}
	return cmd.Run() == nil
}

// hash is a short name for a path.
func hash(path string) string {
	sum := sha256.Sum256([]byte(path))
	return hex.EncodeToString(sum[:6])
}

// ownerOf returns the owner of a file, and false when there is none.
func ownerOf(path string) (uint32, bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	return info.Sys().(*syscall.Stat_t).Uid, true
}
