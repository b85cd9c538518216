//! Enum fields of Kubernetes, whose values are case-sensitive.
//!
//! Argo's definitions do not contain these values. They are from the types of the API of Kubernetes 1.34
//! (`k8s.io/api/core/v1` and `k8s.io/apimachinery/pkg/apis/meta/v1`).

use kfp_argo::tag::has_tag;
use kfp_diag::source::{Node, Tree};
use kfp_diag::spelling::{list, nearest};
use kfp_diag::{Diagnostic, codes};

use crate::cursor::Cursor;

/// The types, the field and its values, separated by spaces.
const FIELDS: [(&str, &str, &str); 24] = [
    ("AppArmorProfile SeccompProfile", "type", "RuntimeDefault Unconfined Localhost"),
    ("AzureDiskVolumeSource", "cachingMode", "None ReadOnly ReadWrite"),
    ("AzureDiskVolumeSource", "kind", "Shared Dedicated Managed"),
    ("Container UserContainer ScriptTemplate ContainerNode", "imagePullPolicy", "Always Never IfNotPresent"),
    (
        "Container UserContainer ScriptTemplate ContainerNode",
        "terminationMessagePolicy",
        "File FallbackToLogsOnError",
    ),
    ("Container UserContainer ScriptTemplate ContainerNode", "restartPolicy", "Always OnFailure Never"),
    ("HTTPGetAction", "scheme", "HTTP HTTPS"),
    (
        "HostPathVolumeSource",
        "type",
        "DirectoryOrCreate Directory FileOrCreate File Socket CharDevice BlockDevice",
    ),
    ("ImageVolumeSource", "pullPolicy", "Always Never IfNotPresent"),
    ("LabelSelectorRequirement", "operator", "In NotIn Exists DoesNotExist"),
    ("NodeSelectorRequirement", "operator", "In NotIn Exists DoesNotExist Gt Lt"),
    ("ObjectFieldSelector", "fieldPath", FIELD_PATHS),
    ("PersistentVolumeClaimSpec", "accessModes", "ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod"),
    ("PersistentVolumeClaimSpec", "volumeMode", "Filesystem Block"),
    ("PodDisruptionBudgetSpec", "unhealthyPodEvictionPolicy", "IfHealthyBudget AlwaysAllow"),
    ("WorkflowSpec", "dnsPolicy", "ClusterFirst ClusterFirstWithHostNet Default None"),
    ("PodSecurityContext", "fsGroupChangePolicy", "OnRootMismatch Always"),
    ("PodSecurityContext", "seLinuxChangePolicy", "Recursive MountOption"),
    ("PodSecurityContext", "supplementalGroupsPolicy", "Merge Strict"),
    ("SecurityContext", "procMount", "Default Unmasked"),
    ("Toleration", "effect", "NoSchedule PreferNoSchedule NoExecute"),
    ("Toleration", "operator", "Exists Equal"),
    ("VolumeMount", "mountPropagation", "None HostToContainer Bidirectional"),
    ("VolumeMount", "recursiveReadOnly", "Disabled IfPossible Enabled"),
];

/// The fields of a pod that an environment variable or a file can contain.
const FIELD_PATHS: &str = "metadata.name metadata.namespace metadata.uid metadata.labels metadata.annotations spec.nodeName \
    spec.serviceAccountName status.hostIP status.hostIPs status.podIP status.podIPs";

/// Checks the enum fields of an object of a type.
pub(super) fn check(r#type: &str, tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    let r#type = r#type.split('#').next().unwrap_or_default();
    for (types, field, values) in FIELDS {
        if !types.split(' ').any(|known| known == r#type) {
            continue;
        }
        let Some(entry) = tree.get(field) else { continue };
        let place = cursor.key(field);
        match &entry.value.node {
            Node::Text(text) => found.extend(unknown(field, text, values, &place)),
            Node::List(items) => {
                let texts = items.iter().enumerate().filter_map(|(idx, item)| Some((idx, item.text()?)));
                found.extend(texts.filter_map(|(idx, text)| unknown(field, text, values, &place.index(idx))));
            }
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Map(_) => {}
        }
    }
}

fn unknown(field: &str, text: &str, values: &str, place: &Cursor<'_>) -> Option<Diagnostic> {
    let mut known = values.split(' ');
    // Labels and annotations can be selected by their keys.
    let plain = if field == "fieldPath" { text.split('[').next().unwrap_or_default() } else { text };
    if text.is_empty() || has_tag(text) || known.any(|value| value == plain) {
        return None;
    }
    let message = format!("invalid value `{text}` for `{field}`");
    let diagnostic = Diagnostic::error(codes::ARGO_CHOICE, &place.place(), message);
    Some(match nearest(text, values.split(' ')) {
        Some(right) => diagnostic.replace(format!("use `{right}`"), text, right),
        None => diagnostic.help(format!("use one of {}", list(values.split(' ')))),
    })
}
