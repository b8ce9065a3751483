using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>What was measured of a model: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelMetrics.html</summary>
public sealed record ModelMetrics(
    ModelQuality? ModelQuality = null, ModelDataQuality? ModelDataQuality = null, Bias? Bias = null, Explainability? Explainability = null);

/// <summary>How well the model predicts.</summary>
public sealed record ModelQuality(MetricsSource? Statistics = null, MetricsSource? Constraints = null);

/// <summary>The baseline of the data that the model was trained on.</summary>
public sealed record ModelDataQuality(MetricsSource? Statistics = null, MetricsSource? Constraints = null);

/// <summary>The model's bias reports.</summary>
public sealed record Bias(MetricsSource? Report = null, MetricsSource? PreTrainingReport = null, MetricsSource? PostTrainingReport = null);

/// <summary>The model's explainability report.</summary>
public sealed record Explainability(MetricsSource? Report = null);

/// <summary>A file of metrics in S3: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricsSource.html</summary>
public sealed record MetricsSource(
    [Length(0, 256)] string ContentType,
    [Length(0, 1024), Pattern(Patterns.S3OrHttps)] string S3Uri,
    [Length(0, 72), Pattern("[Ss][Hh][Aa]256:[0-9a-fA-F]{64}")] string? ContentDigest = null);

/// <summary>A file in S3.</summary>
public sealed record FileSource(
    [Length(0, 1024), Pattern(Patterns.S3OrHttps)] string S3Uri,
    [Length(0, 256)] string? ContentType = null,
    [Length(0, 72), Pattern("[Ss][Hh][Aa]256:[0-9a-fA-F]{64}")] string? ContentDigest = null);

/// <summary>The baselines that a monitor compares with: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DriftCheckBaselines.html</summary>
public sealed record DriftCheckBaselines(
    DriftCheckBias? Bias = null, DriftCheckExplainability? Explainability = null,
    DriftCheckModelQuality? ModelQuality = null, DriftCheckModelDataQuality? ModelDataQuality = null);

/// <summary>The baseline of the bias monitor.</summary>
public sealed record DriftCheckBias(FileSource? ConfigFile = null, MetricsSource? PreTrainingConstraints = null, MetricsSource? PostTrainingConstraints = null);

/// <summary>The baseline of the explainability monitor.</summary>
public sealed record DriftCheckExplainability(MetricsSource? Constraints = null, FileSource? ConfigFile = null);

/// <summary>The baseline of the model quality monitor.</summary>
public sealed record DriftCheckModelQuality(MetricsSource? Statistics = null, MetricsSource? Constraints = null);

/// <summary>The baseline of the data quality monitor.</summary>
public sealed record DriftCheckModelDataQuality(MetricsSource? Statistics = null, MetricsSource? Constraints = null);
