package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.Creator;
import io.javaoperatorsdk.operator.processing.dependent.Matcher.Result;
import io.javaoperatorsdk.operator.processing.dependent.Updater;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;

import java.util.List;

/**
 * A password that is made once and never again, whatever becomes of the pipeline: the data behind
 * it knows no other. Only whether it goes with the pipeline can change.
 */
abstract class GeneratedSecret extends KubernetesDependentResource<Secret, AnalyticsPipeline>
        implements Creator<Secret, AnalyticsPipeline>, Updater<Secret, AnalyticsPipeline> {
    GeneratedSecret() {
        super(Secret.class);
    }

    abstract String name(PipelineView view);

    abstract Secret generate(PipelineView view);

    @Override
    protected Secret desired(AnalyticsPipeline pipeline, Context<AnalyticsPipeline> context) {
        PipelineView view = Views.of(context);
        Secret secret = generate(view);
        secret.getMetadata().setOwnerReferences(owners(view));
        return secret;
    }

    private static List<OwnerReference> owners(PipelineView view) {
        return Owner.references(view);
    }

    @Override
    protected void addReferenceHandlingMetadata(Secret desired, AnalyticsPipeline pipeline) {
        // it finds its pipeline by its label
    }

    @Override
    protected ResourceID targetSecondaryResourceID(
            AnalyticsPipeline pipeline, Context<AnalyticsPipeline> context) {
        return new ResourceID(name(Views.of(context)), pipeline.getMetadata().getNamespace());
    }

    @Override
    public Result<Secret> match(
            Secret actual, AnalyticsPipeline pipeline, Context<AnalyticsPipeline> context) {
        return Result.nonComputed(
                owners(Views.of(context)).equals(actual.getMetadata().getOwnerReferences()));
    }

    @Override
    public Secret update(
            Secret actual,
            Secret desired,
            AnalyticsPipeline pipeline,
            Context<AnalyticsPipeline> context) {
        Secret changed =
                new SecretBuilder(actual)
                        .editMetadata()
                        .withOwnerReferences(owners(Views.of(context)))
                        .endMetadata()
                        .build();
        // a copy, for the client takes the version out of what it is given
        Secret before = new SecretBuilder(actual).build();
        return context.getClient().resource(before).patch(PatchContext.of(PatchType.JSON), changed);
    }
}
