namespace Acceleration;

/// <summary>Is told what happens in a <see cref="SamplerPool"/>, on its threads. What it throws is ignored: a log must not fail a request.</summary>
public interface IPoolObserver
{
    /// <summary>A request ended; its caller is told next.</summary>
    void RequestEnded(RequestEnded request);

    /// <summary>A batch of several requests failed; each is run once more by itself.</summary>
    void BatchFailed(BatchFailed batch);

    /// <summary>The pool takes no more requests and ends those it has.</summary>
    /// <param name="pool">Its name.</param>
    /// <param name="requests">Requests left.</param>
    void Stopping(string pool, int requests);
}
