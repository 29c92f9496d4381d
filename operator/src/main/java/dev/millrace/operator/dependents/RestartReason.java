package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.WorkloadDeployment;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Why the operator restarts the pods of a workload. */
public enum RestartReason {
    /** The part of the manifest that the workload reads is another. */
    ManifestChanged("the manifest says something else to it"),
    /** A password was replaced. */
    CredentialsChanged("a password of a store was replaced"),
    /** Another image is to run. */
    ImageChanged("it gets another image"),
    /** Processor time or memory are others. */
    ResourcesChanged("its processor time or memory changed"),
    /** Anything else of the pod is other: settings, the pod template of the pipeline. */
    PodTemplateChanged("its pod template changed");

    private final String text;

    RestartReason(String text) {
        this.text = text;
    }

    /** The reason in words. */
    public String text() {
        return text;
    }

    /** What differs between the pods that run and those that are wanted; empty: nothing known. */
    static Set<RestartReason> between(Deployment actual, Deployment desired) {
        PodTemplateSpec old = actual.getSpec().getTemplate();
        PodTemplateSpec wanted = desired.getSpec().getTemplate();
        Set<RestartReason> reasons = new TreeSet<>();
        if (differs(WorkloadDeployment.MANIFEST_HASH, old, wanted)) {
            reasons.add(ManifestChanged);
        }
        if (differs(WorkloadDeployment.SECRET_HASH, old, wanted)) {
            reasons.add(CredentialsChanged);
        }
        Container before = container(old);
        Container after = container(wanted);
        if (!Objects.equals(before.getImage(), after.getImage())) {
            reasons.add(ImageChanged);
        }
        if (!Objects.equals(before.getResources(), after.getResources())) {
            reasons.add(ResourcesChanged);
        }
        if (reasons.isEmpty()
                && (!environment(before).equals(environment(after))
                        || !old.getMetadata().getLabels().equals(wanted.getMetadata().getLabels())
                        || !containsAll(old, wanted))) {
            reasons.add(PodTemplateChanged);
        }
        return reasons;
    }

    private static boolean differs(String annotation, PodTemplateSpec a, PodTemplateSpec b) {
        return !Objects.equals(annotations(a).get(annotation), annotations(b).get(annotation));
    }

    private static boolean containsAll(PodTemplateSpec actual, PodTemplateSpec desired) {
        return annotations(actual).entrySet().containsAll(annotations(desired).entrySet())
                && Objects.equals(
                        actual.getSpec().getNodeSelector(), desired.getSpec().getNodeSelector())
                && Objects.equals(
                        actual.getSpec().getTolerations(), desired.getSpec().getTolerations());
    }

    private static Map<String, String> annotations(PodTemplateSpec template) {
        Map<String, String> annotations = template.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }

    private static Map<String, Object> environment(Container container) {
        Map<String, Object> environment = new LinkedHashMap<>();
        container.getEnv().forEach(variable -> environment.put(variable.getName(), variable));
        return environment;
    }

    private static Container container(PodTemplateSpec template) {
        return template.getSpec().getContainers().getFirst();
    }
}
