package dev.millrace.operator.status;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Events of Kubernetes: what the operator did, and why, for {@code kubectl describe}. */
public final class Announcements {
    private static final Logger log = LoggerFactory.getLogger(Announcements.class);
    private static final int LONGEST = 1024;
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private Announcements() {}

    /** Something that went as it should. */
    public static void normal(
            Context<?> context, HasMetadata about, String reason, String message) {
        publish(context, about, "Normal", reason, message);
    }

    /** Something that a person should look at. */
    public static void warning(
            Context<?> context, HasMetadata about, String reason, String message) {
        publish(context, about, "Warning", reason, message);
    }

    private static void publish(
            Context<?> context, HasMetadata about, String type, String reason, String message) {
        String text =
                message.length() > LONGEST ? message.substring(0, LONGEST - 1) + "…" : message;
        log.info(
                "{}/{}: {}: {}",
                about.getMetadata().getNamespace(),
                about.getMetadata().getName(),
                reason,
                text);
        Event event =
                new EventBuilder()
                        .withNewMetadata()
                        .withGenerateName(about.getMetadata().getName() + "-")
                        .withNamespace(about.getMetadata().getNamespace())
                        .endMetadata()
                        .withNewInvolvedObject()
                        .withApiVersion(about.getApiVersion())
                        .withKind(about.getKind())
                        .withName(about.getMetadata().getName())
                        .withNamespace(about.getMetadata().getNamespace())
                        .withUid(about.getMetadata().getUid())
                        .endInvolvedObject()
                        .withType(type)
                        .withReason(reason)
                        .withMessage(text)
                        .withAction("Reconcile")
                        .withReportingComponent("millrace-operator")
                        .withReportingInstance("millrace-operator")
                        .withEventTime(new MicroTime(MICROS.format(Instant.now())))
                        .build();
        try {
            context.getClient().v1().events().resource(event).create();
        } catch (KubernetesClientException e) {
            // the namespace may be going; an event is only a help
            log.warn("An event could not be written: {}", e.getMessage());
        }
    }
}
