package dev.millrace.operator.desired;

import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserBuilder;
import io.strimzi.api.kafka.model.user.KafkaUserScramSha512ClientAuthentication;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.AclRuleBuilder;
import io.strimzi.api.kafka.model.user.acl.AclRuleGroupResourceBuilder;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResourceBuilder;
import io.strimzi.api.kafka.model.user.acl.StrimziAclOperation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A user of Kafka for each workload, which may do what the workload does, and nothing else. */
public final class KafkaUsers {
    private KafkaUsers() {}

    /** The users by the names of their objects. */
    public static Map<String, KafkaUser> of(PipelineView view) {
        Map<String, KafkaUser> users = new LinkedHashMap<>();
        for (Workload workload : Workload.values()) {
            if (workload.usesKafka()) {
                users.put(view.name(workload), user(view, workload));
            }
        }
        return users;
    }

    private static KafkaUser user(PipelineView view, Workload workload) {
        KafkaUser user =
                new KafkaUserBuilder()
                        .withMetadata(view.metadata(view.name(workload), workload.text()))
                        .withNewSpec()
                        .withAuthentication(new KafkaUserScramSha512ClientAuthentication())
                        .withNewKafkaUserAuthorizationSimple()
                        .withAcls(rules(view, workload))
                        .endKafkaUserAuthorizationSimple()
                        .endSpec()
                        .build();
        KafkaObjects.belongs(user.getMetadata().getLabels(), view);
        return user;
    }

    private static List<AclRule> rules(PipelineView view, Workload workload) {
        List<AclRule> rules = new ArrayList<>();
        List<String> streams =
                view.plan().sources().stream().map(stream -> stream.topic().name()).toList();
        String deadLetters = view.plan().deadLetterTopic();
        // all of them wait until every topic is there
        for (String topic : view.plan().topics().keySet()) {
            rules.add(
                    topic(
                            topic,
                            operations(
                                    workload, streams.contains(topic), topic.equals(deadLetters))));
        }
        if (workload != Workload.PRODUCER) {
            rules.add(
                    new AclRuleBuilder()
                            .withResource(
                                    new AclRuleGroupResourceBuilder()
                                            .withName(view.name(workload))
                                            .build())
                            .withOperations(StrimziAclOperation.READ, StrimziAclOperation.DESCRIBE)
                            .build());
        }
        return rules;
    }

    private static List<StrimziAclOperation> operations(
            Workload workload, boolean isStream, boolean isDeadLetters) {
        List<StrimziAclOperation> operations = new ArrayList<>();
        operations.add(StrimziAclOperation.DESCRIBE);
        if (workload == Workload.PRODUCER && isStream
                || workload == Workload.PROCESSOR && isDeadLetters) {
            operations.add(StrimziAclOperation.WRITE);
        } else if (workload != Workload.PRODUCER && isStream) {
            operations.add(StrimziAclOperation.READ);
        }
        return operations;
    }

    private static AclRule topic(String name, List<StrimziAclOperation> operations) {
        return new AclRuleBuilder()
                .withResource(new AclRuleTopicResourceBuilder().withName(name).build())
                .withOperations(operations)
                .build();
    }
}
