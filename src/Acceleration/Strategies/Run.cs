namespace Acceleration;

/// <summary>A run with nothing of its own to do at a stage change and nothing to dispose: the store does both.</summary>
public abstract class Run : IRun
{
    /// <inheritdoc/>
    public virtual void StageChanged(in StageInfo stage)
    {
    }

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
