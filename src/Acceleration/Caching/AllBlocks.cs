namespace Acceleration;

/// <summary>The whole chain.</summary>
public sealed class AllBlocks : IRangeRule
{
    private AllBlocks()
    {
    }

    /// <summary>The rule.</summary>
    public static AllBlocks Instance { get; } = new();

    /// <inheritdoc/>
    public string Tag => "";

    /// <inheritdoc/>
    public (int From, int To) At(StepInfo step, int blocks) => (0, blocks);

    /// <inheritdoc/>
    public string? Refuse(Site chain) => null;
}
