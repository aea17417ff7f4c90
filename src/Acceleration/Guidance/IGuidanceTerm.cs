namespace Acceleration;

/// <summary>Changes the prediction that an <see cref="ICombiner"/> made of the branches (the condition's own where there is none). Any number of strategies may; they act in the order of their stages, then of addition.</summary>
public interface IGuidanceTerm : IRun
{
    /// <summary>When it acts.</summary>
    GuidanceStage Stage => GuidanceStage.Term;

    /// <summary>Branches it would like in this step beyond the combiner's; empty for none.</summary>
    IReadOnlyList<int> Branches(StepInfo step);

    /// <summary>The changed prediction for all samples of <paramref name="outputs"/>: <paramref name="combined"/> itself where nothing is to be done.</summary>
    Value Apply(StepInfo step, Value combined, BranchOutputs outputs);
}
