package dev.millrace.operator.desired;

import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.plan.TablePlan;
import dev.millrace.pipeline.plan.TopicPlan;

import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserBuilder;
import io.strimzi.api.kafka.model.user.KafkaUserScramSha512ClientAuthentication;
import io.strimzi.api.kafka.model.user.acl.AclResourcePatternType;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.AclRuleBuilder;
import io.strimzi.api.kafka.model.user.acl.AclRuleGroupResourceBuilder;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResourceBuilder;
import io.strimzi.api.kafka.model.user.acl.AclRuleTransactionalIdResourceBuilder;
import io.strimzi.api.kafka.model.user.acl.StrimziAclOperation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A user of Kafka for each workload, which may do what the workload does, and nothing else. */
public final class KafkaUsers {
    private KafkaUsers() {}

    /** The users by the names of their objects. */
    public static Map<String, KafkaUser> of(PipelineView view) {
        Map<String, KafkaUser> users = new LinkedHashMap<>();
        for (Workload workload : view.workloads()) {
            if (view.usesKafka(workload)) {
                users.put(view.name(workload), user(view, workload));
            }
        }
        if (view.captures()) {
            users.put(
                    ConnectObjects.name(view),
                    user(
                            view,
                            ConnectObjects.name(view),
                            ConnectObjects.COMPONENT,
                            connectRules(view)));
        }
        return users;
    }

    private static KafkaUser user(PipelineView view, Workload workload) {
        return user(view, view.name(workload), workload.text(), rules(view, workload));
    }

    private static KafkaUser user(
            PipelineView view, String name, String component, List<AclRule> rules) {
        KafkaUser user =
                new KafkaUserBuilder()
                        .withMetadata(view.metadata(name, component))
                        .withNewSpec()
                        .withAuthentication(new KafkaUserScramSha512ClientAuthentication())
                        .withNewKafkaUserAuthorizationSimple()
                        .withAcls(rules)
                        .endKafkaUserAuthorizationSimple()
                        .endSpec()
                        .build();
        KafkaObjects.belongs(user.getMetadata().getLabels(), view);
        return user;
    }

    private static List<AclRule> rules(PipelineView view, Workload workload) {
        List<AclRule> rules = new ArrayList<>();
        Set<String> written = written(view.plan(), workload);
        Set<String> read = read(view.plan(), workload);
        // all of them wait until every topic of events is there, but the API, which reads none
        Set<String> topics =
                new LinkedHashSet<>(
                        workload == Workload.API
                                ? view.plan().statsTopics().keySet()
                                : view.plan().topics().keySet());
        if (workload == Workload.ENRICHER) {
            topics.addAll(view.plan().tableTopics().keySet());
        }
        for (String topic : topics) {
            List<StrimziAclOperation> operations = new ArrayList<>();
            operations.add(StrimziAclOperation.DESCRIBE);
            if (written.contains(topic)) {
                operations.add(StrimziAclOperation.WRITE);
            }
            if (read.contains(topic)) {
                operations.add(StrimziAclOperation.READ);
            }
            rules.add(topic(topic, operations));
        }
        if (workload != Workload.PRODUCER) {
            rules.add(group(view.name(workload)));
        }
        if (workload == Workload.PROCESSOR) {
            // in which a changed manifest is counted anew, while the former one's processors go on
            rules.add(group(view.name(workload) + "-next"));
        }
        if (workload == Workload.ENRICHER) {
            // Kafka Streams puts a name of its own behind
            rules.add(transactions(view.name(workload), AclResourcePatternType.PREFIX));
        }
        if (workload == Workload.API) {
            rules.add(transactions(view.plan().statsTopic(), AclResourcePatternType.LITERAL));
        }
        return rules;
    }

    /** Its own topics, the rows of tables, and the groups of the pods and of the history. */
    private static List<AclRule> connectRules(PipelineView view) {
        List<AclRule> rules = new ArrayList<>();
        for (TopicPlan topic : ConnectObjects.topics(view)) {
            rules.add(
                    topic(
                            topic.name(),
                            List.of(
                                    StrimziAclOperation.DESCRIBE,
                                    StrimziAclOperation.DESCRIBECONFIGS,
                                    StrimziAclOperation.READ,
                                    StrimziAclOperation.WRITE)));
        }
        for (TablePlan table : ConnectObjects.tables(view)) {
            rules.add(
                    topic(
                            table.topic().name(),
                            List.of(StrimziAclOperation.DESCRIBE, StrimziAclOperation.WRITE)));
        }
        for (String group :
                List.of(ConnectObjects.name(view), ConnectObjects.name(view) + "-history")) {
            rules.add(
                    new AclRuleBuilder()
                            .withResource(new AclRuleGroupResourceBuilder().withName(group).build())
                            .withOperations(StrimziAclOperation.READ, StrimziAclOperation.DESCRIBE)
                            .build());
        }
        return rules;
    }

    private static Set<String> written(Plan plan, Workload workload) {
        Set<String> topics = new HashSet<>();
        switch (workload) {
            case PRODUCER -> topics.addAll(names(plan.sources()));
            case ENRICHER -> {
                topics.addAll(names(plan.derived()));
                topics.add(plan.deadLetterTopic());
                plan.tables().stream()
                        .filter(table -> table.source() instanceof TablePlan.File)
                        .forEach(table -> topics.add(table.topic().name()));
            }
            case PROCESSOR -> topics.add(plan.deadLetterTopic());
            case API -> topics.addAll(plan.statsTopics().keySet());
            case AUDIT -> {
                // it writes to a store
            }
        }
        return topics;
    }

    private static Set<String> read(Plan plan, Workload workload) {
        Set<String> topics = new HashSet<>();
        switch (workload) {
            case ENRICHER -> {
                topics.addAll(names(plan.streams()));
                topics.addAll(plan.tableTopics().keySet());
            }
            case PROCESSOR -> {
                topics.addAll(names(plan.counted()));
                if (!plan.derived().isEmpty()) {
                    // it counts the enricher's
                    topics.add(plan.deadLetterTopic());
                }
            }
            case AUDIT -> topics.addAll(names(plan.counted()));
            // what it has published, to go on from there
            case API -> topics.addAll(plan.statsTopics().keySet());
            case PRODUCER -> {
                // it takes from people
            }
        }
        return topics;
    }

    private static List<String> names(List<StreamPlan> streams) {
        return streams.stream().map(stream -> stream.topic().name()).toList();
    }

    private static AclRule group(String name) {
        return new AclRuleBuilder()
                .withResource(new AclRuleGroupResourceBuilder().withName(name).build())
                .withOperations(StrimziAclOperation.READ, StrimziAclOperation.DESCRIBE)
                .build();
    }

    private static AclRule transactions(String name, AclResourcePatternType pattern) {
        return new AclRuleBuilder()
                .withResource(
                        new AclRuleTransactionalIdResourceBuilder()
                                .withName(name)
                                .withPatternType(pattern)
                                .build())
                .withOperations(StrimziAclOperation.WRITE, StrimziAclOperation.DESCRIBE)
                .build();
    }

    private static AclRule topic(String name, List<StrimziAclOperation> operations) {
        return new AclRuleBuilder()
                .withResource(new AclRuleTopicResourceBuilder().withName(name).build())
                .withOperations(operations)
                .build();
    }
}
