namespace Acceleration;

/// <summary>
/// Changes the prediction that an <see cref="ICombiner"/> made of the branches (the condition's own where there is none). Any number of strategies may, and each sees what those before it made of the prediction.
/// They act in the order of their <see cref="Stage"/>, whatever the order of <see cref="SamplerBuilder.Use"/>; at one stage in the order of that, which a sampler's tag shows. What comes out otherwise in another
/// order therefore belongs to another stage. Two of one type are refused, unless they say <see cref="Requirements.MayRepeat"/>.
/// </summary>
public interface IGuidanceTerm : IRun
{
    /// <summary>When it acts: <see cref="GuidanceStage.Combined"/> for what changes the combined prediction as a whole, <see cref="GuidanceStage.Term"/> for what adds to it,
    /// <see cref="GuidanceStage.Rescale"/> for what comes last. Asked once, when the run begins.</summary>
    GuidanceStage Stage => GuidanceStage.Term;

    /// <summary>Branches it would like in this step beyond the combiner's; empty for none.</summary>
    IReadOnlyList<int> Branches(StepInfo step);

    /// <summary>The changed prediction for all samples of <paramref name="outputs"/>: <paramref name="combined"/> itself where nothing is to be done.</summary>
    Value Apply(StepInfo step, Value combined, BranchOutputs outputs);
}
