package lint

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/yaml"
)

// manifests are the documents of deploy/kubernetes, by kind.
type manifests struct {
	sets     []appsv1.StatefulSet
	jobs     []batchv1.Job
	services []corev1.Service
	configs  []corev1.ConfigMap
	budgets  []policyv1.PodDisruptionBudget
	policies []networkingv1.NetworkPolicy
}

// decode reads documents strictly: a key that Kubernetes does not know is an error.
func decode(text string) (m manifests, err error) {
	for _, document := range strings.Split(text, "\n---\n") {
		var kind metav1.TypeMeta
		if err := yaml.Unmarshal([]byte(document), &kind); err != nil {
			return m, err
		}
		var err error
		switch kind.APIVersion + " " + kind.Kind {
		case "apps/v1 StatefulSet":
			m.sets, err = add(m.sets, document)
		case "batch/v1 Job":
			m.jobs, err = add(m.jobs, document)
		case "v1 Service":
			m.services, err = add(m.services, document)
		case "v1 ConfigMap":
			m.configs, err = add(m.configs, document)
		case "policy/v1 PodDisruptionBudget":
			m.budgets, err = add(m.budgets, document)
		case "networking.k8s.io/v1 NetworkPolicy":
			m.policies, err = add(m.policies, document)
		default:
			err = errors.New("no kind that this knows")
		}
		if err != nil {
			return m, fmt.Errorf("%s %s: %w", kind.APIVersion, kind.Kind, err)
		}
	}
	return m, nil
}

func add[T any](all []T, document string) ([]T, error) {
	var one T
	err := yaml.UnmarshalStrict([]byte(document), &one)
	return append(all, one), err
}

// check says what Kubernetes would take, and not do.
func (m manifests) check() error {
	if len(m.sets) != 1 || len(m.services) != 2 || len(m.budgets) != 1 || len(m.policies) != 1 || len(m.jobs) != 1 {
		return errors.New("something is missing")
	}
	pod := m.sets[0].Spec.Template
	selects := map[string]*metav1.LabelSelector{
		"StatefulSet":         m.sets[0].Spec.Selector,
		"PodDisruptionBudget": m.budgets[0].Spec.Selector,
		"NetworkPolicy":       &m.policies[0].Spec.PodSelector,
	}
	for _, s := range m.services {
		selects["Service "+s.Name] = &metav1.LabelSelector{MatchLabels: s.Spec.Selector}
	}
	for who, by := range selects {
		if s, err := metav1.LabelSelectorAsSelector(by); err != nil || s.Empty() || !s.Matches(labels.Set(pod.Labels)) {
			return fmt.Errorf("%s selects no pod: %v", who, err)
		}
	}
	if err := m.checkPorts(); err != nil {
		return err
	}
	return errors.Join(checkPod(pod.Spec, m.sets[0].Spec.VolumeClaimTemplates),
		checkPod(m.jobs[0].Spec.Template.Spec, nil))
}

func (m manifests) checkPorts() error {
	c := m.sets[0].Spec.Template.Spec.Containers[0]
	named := map[string]bool{}
	for _, p := range c.Ports {
		named[p.Name] = true
	}
	var used []string
	for _, s := range m.services {
		for _, p := range s.Spec.Ports {
			used = append(used, p.TargetPort.StrVal)
		}
	}
	for _, i := range m.policies[0].Spec.Ingress {
		for _, p := range i.Ports {
			used = append(used, p.Port.StrVal)
		}
	}
	for path, p := range map[string]*corev1.Probe{
		"/readyz": c.ReadinessProbe, "/healthz": c.LivenessProbe, "/healthz ": c.StartupProbe,
	} {
		if p == nil || p.HTTPGet == nil || p.HTTPGet.Path != strings.TrimSpace(path) {
			return fmt.Errorf("no probe of %s", path)
		}
		used = append(used, p.HTTPGet.Port.StrVal)
	}
	for _, name := range used {
		if !named[name] {
			return fmt.Errorf("no port %q", name)
		}
	}
	return nil
}

func checkPod(pod corev1.PodSpec, claims []corev1.PersistentVolumeClaim) error {
	volumes := map[string]bool{}
	for _, v := range pod.Volumes {
		volumes[v.Name] = true
	}
	for _, c := range claims {
		volumes[c.Name] = true
	}
	if pod.SecurityContext == nil || pod.SecurityContext.RunAsNonRoot == nil || !*pod.SecurityContext.RunAsNonRoot {
		return errors.New("a pod may run as root")
	}
	for _, c := range pod.Containers {
		s := c.SecurityContext
		if s == nil || s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem ||
			s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation {
			return fmt.Errorf("%s may write to its root, or gain privileges", c.Name)
		}
		if c.Resources.Limits.Memory().IsZero() || c.Resources.Requests.Cpu().IsZero() ||
			strings.HasSuffix(c.Image, ":latest") {
			return fmt.Errorf("%s has no bounds or no release", c.Name)
		}
		for _, v := range c.VolumeMounts {
			if !volumes[v.Name] {
				return fmt.Errorf("%s has no volume %s", c.Name, v.Name)
			}
		}
	}
	return nil
}

func TestKubernetes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(root, "deploy/kubernetes/*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no manifests: %v", err)
	}
	var texts []string
	for _, f := range files {
		texts = append(texts, read(t, strings.TrimPrefix(f, root)))
	}
	good := strings.Join(texts, "\n---\n")
	try := func(text string) error {
		m, err := decode(text)
		if err != nil {
			return err
		}
		return m.check()
	}
	if err := try(good); err != nil {
		t.Error(err)
	}
	for reason, change := range map[string][2]string{
		"no such key":       {"readinessProbe:", "readynessProbe:"},
		"no such type":      {"replicas: 2", "replicas: two"},
		"no such version":   {"policy/v1", "policy/v1beta1"},
		"a number for text": {`cpu: "1", memory: 768Mi`, `cpu: [1], memory: 768Mi`},
		"selects nothing":   {"  selector: {app.kubernetes.io/name: oversikt}", "  selector: {app: oversikt}"},
		"no such port":      {"targetPort: metrics", "targetPort: metric"},
		"no such volume":    {"- {name: spool, mount", "- {name: pool, mount"},
		"another path":      {"path: /readyz", "path: /ready"},
		"root":              {"runAsNonRoot: true", "runAsNonRoot: false"},
		"writes":            {"readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"},
		"no release":        {"oversikt:0.1.0", "oversikt:latest"},
	} {
		if bad := strings.Replace(good, change[0], change[1], 1); bad == good || try(bad) == nil {
			t.Errorf("%s: it is taken for good", reason)
		}
	}
}
