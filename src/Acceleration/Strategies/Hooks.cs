using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Sees the latents before the network is asked and after the update; may replace the former.</summary>
public interface IStepHook : IRun
{
    /// <summary>Before the step. Returns the latents to use: <paramref name="latents"/> itself or a replacement.</summary>
    Tensor Before(StepInfo step, Tensor latents);

    /// <summary>After the step.</summary>
    void After(StepInfo step, Tensor latents, Tensor next);
}

/// <summary>Decides what happens at the sites its strategy claimed.</summary>
public interface ISiteHook : IRun
{
    /// <summary>Returns the site's output for <paramref name="input"/>: computed by <paramref name="next"/>, or made up.</summary>
    Value Invoke(in SiteCall call, Value input, SiteNext next);
}

/// <summary>Decides which blocks of a chain are run.</summary>
public interface IChainHook : IRun
{
    /// <summary>Returns the chain's output for <paramref name="input"/>.</summary>
    Value Invoke(in SiteCall call, Value input, RangeNext next);
}

/// <summary>Decides how attention is computed at the sites its strategy claimed.</summary>
public interface IAttentionHook : IRun
{
    /// <summary>Returns the attention output, [rows, heads, tokens, head_dim].</summary>
    Tensor Attend(in SiteCall call, in AttentionInput input, AttentionNext next);
}

/// <summary>Replaces the leading term of a prediction before the solver uses it.</summary>
public interface IConvertHook : IRun
{
    /// <summary>Returns <paramref name="prediction"/> itself or one with another leading term.</summary>
    Prediction Convert(StepInfo step, Prediction prediction);
}

/// <summary>Shifts the mean of a solver's update.</summary>
public interface IUpdateHook : IRun
{
    /// <summary>Returns the mean to use.</summary>
    Tensor Mean(StepInfo step, Tensor mean, Tensor? noiseScale);
}
