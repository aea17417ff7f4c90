namespace Acceleration;

/// <summary>
/// The state of a strategy in one request. It implements the hooks it needs: <see cref="IStepHook"/>, <see cref="ISiteHook"/>, <see cref="IChainHook"/>,
/// <see cref="IAttentionHook"/>, <see cref="IBranchPolicy"/>, <see cref="ICombiner"/>, <see cref="IConvertHook"/>, <see cref="IUpdateHook"/>.
/// </summary>
public interface IRun : IDisposable
{
    /// <summary>A new stage begins (another resolution or grid). The store has been emptied.</summary>
    void StageChanged(in StageInfo stage);
}
