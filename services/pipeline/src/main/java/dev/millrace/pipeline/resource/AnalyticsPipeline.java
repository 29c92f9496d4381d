package dev.millrace.pipeline.resource;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * The Kubernetes resource that declares a live analytics pipeline. Services never load this class:
 * they read {@link PipelineSpec} from the manifest, so that the Kubernetes client is needed by the
 * operator alone.
 */
@Group(AnalyticsPipeline.GROUP)
@Version(AnalyticsPipeline.VERSION)
@Kind(AnalyticsPipeline.KIND)
@Singular("analyticspipeline")
@Plural("analyticspipelines")
@ShortNames("apl")
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Dashboard",
        jsonPath = ".status.dashboard",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Proven",
        jsonPath = ".status.conditions[?(@.type==\"NumbersProven\")].status",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Clock",
        jsonPath = ".spec.clock",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$')",
        message =
                "metadata.name: use lower-case letters, digits and '-', beginning with a letter, at most 40 characters")
public class AnalyticsPipeline extends CustomResource<PipelineSpec, PipelineStatus>
        implements Namespaced {
    /** API group of the resource. */
    public static final String GROUP = "millrace.dev";

    /** Version of the resource. */
    public static final String VERSION = "v1alpha1";

    /** Kind of the resource. */
    public static final String KIND = "AnalyticsPipeline";

    private static final long serialVersionUID = 1L;

    @Override
    protected PipelineSpec initSpec() {
        return null;
    }

    @Override
    protected PipelineStatus initStatus() {
        return null;
    }
}
