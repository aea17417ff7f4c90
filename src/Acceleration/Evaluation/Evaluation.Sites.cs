namespace Acceleration;

public sealed partial class Evaluation
{
    /// <summary>
    /// Raises a site: the place where strategies may compute, reuse, reduce, slice or drop. Without one, <paramref name="body"/> is called directly. A layout that
    /// the body sets holds to its end.
    /// </summary>
    /// <param name="site">The site, from the network's <see cref="DenoiserInfo.Sites"/>.</param>
    /// <param name="h">Its input; never changed in place.</param>
    /// <param name="state">The network's own data, passed through.</param>
    /// <param name="body">What the site does; a static lambda.</param>
    /// <param name="prepare">
    /// Norm and modulation in front of the body, where token methods must see them applied and a cache wants them skipped; null for none. Its result is a
    /// new tensor, released once the body is done.
    /// </param>
    /// <param name="drop">
    /// What skipping means where it is not the usual: nothing to add for attention and feed-forward parts, the identity for other sites. A resampling block has its
    /// own.
    /// </param>
    public Value At<TState>(Site site, Value h, TState state, SiteBody<TState> body, SiteBody<TState>? prepare = null, SiteBody<TState>? drop = null)
    {
        _call.Cancellation.ThrowIfCancellationRequested();
        var (outer, layout) = (_call.Current, Layout);
        _call.Current = site;
        Value result;
        if (_call.Hooks.At(site.Index) is { } hooks)
        {
            _call.Trace.Count(Rows, -Cost(site, h));
            result = new SiteNext<TState>(new(site, hooks, state, body, prepare, drop), this, 0, prepared: false).Invoke(h);
        }
        else
        {
            result = prepare is null ? body(h, state, this) : Prepared(h, state, body, prepare);
        }

        (_call.Current, Layout) = (outer, layout);
        return result;
    }

    /// <summary>
    /// Raises a chain of blocks, each of which is a site too. Strategies may run parts of it; each block has a dispose scope of its own and what it leaves
    /// behind is freed before the next one runs.
    /// </summary>
    /// <param name="chain">The chain's site; its blocks are <see cref="Site.Blocks"/>.</param>
    /// <param name="h">Input of the first block.</param>
    /// <param name="state">The network's own data, passed through.</param>
    /// <param name="body">One block; a static lambda.</param>
    public Value Chain<TState>(Site chain, Value h, TState state, BlockBody<TState> body) =>
        Chain(chain, h, (State: state, Body: body), static (h, block, _, s, e) => s.Body(h, block, s.State, e), longest: 1);

    /// <summary>
    /// The same for a network that computes blocks in a row at once: <paramref name="body"/> is given as many as are wanted in a row and no strategy works at or within, and one alone where a strategy does. Between
    /// blocks that are given at once nothing is freed, and no request is cancelled.
    /// </summary>
    /// <param name="chain">The chain's site; its blocks are <see cref="Site.Blocks"/>.</param>
    /// <param name="h">Input of the first block.</param>
    /// <param name="state">The network's own data, passed through.</param>
    /// <param name="body">Blocks in a row; a static lambda.</param>
    public Value Chain<TState>(Site chain, Value h, TState state, BlocksBody<TState> body) => Chain(chain, h, state, body, int.MaxValue);

    internal Value RunRange<TState>(Site chain, Value h, int from, int to, TState state, BlocksBody<TState> body, int longest)
    {
        OwnedTensors owned = default;
        for (int i = from, end; i < to; i = end)
        {
            end = FreeEnd(chain, i, Math.Min(to - i, longest));
            _call.Cancellation.ThrowIfCancellationRequested();
            var (next, made) = Scoped.Run(
                (Evaluation: this, Block: chain.Blocks[i], H: h, From: i, To: end, State: state, Body: body),
                static s => s.Evaluation.RunBlocks(s.Block, s.H, s.From, s.To, s.State, s.Body));
            owned = owned.PassTo(next, made);
            h = next;
        }

        return h;
    }

    private Value Chain<TState>(Site chain, Value h, TState state, BlocksBody<TState> body, int longest)
    {
        var outer = _call.Current;
        _call.Current = chain;
        Value result;
        if (_call.Hooks.Chain(chain.Index) is { } hooked)
        {
            _call.Trace.Count(Rows, -Cost(chain, h));
            var at = new SiteCall(chain, this);
            result = SiteAnswers.Require(hooked.Hook.Invoke(at, h, new RangeNext<TState>(chain, this, state, body, longest)), h, at, hooked.Strategy);
        }
        else
        {
            result = RunRange(chain, h, 0, chain.Blocks.Count, state, body, longest);
        }

        _call.Current = outer;
        return result;
    }

    /// <summary>Where blocks that can be computed at once end.</summary>
    private int FreeEnd(Site chain, int from, int most)
    {
        var end = from;
        while (end < from + most && _call.Hooks.IsFree(chain.Blocks[end]))
        {
            end++;
        }

        return Math.Max(end, from + 1);
    }

    private Value Prepared<TState>(Value h, TState state, SiteBody<TState> body, SiteBody<TState> prepare)
    {
        var prepared = prepare(h, state, this);
        var result = body(prepared, state, this);
        Release(prepared.Main);
        Release(prepared.Text);
        Release(prepared.JointForm);
        return result;

        // A preparation or a body that hands its input through keeps it alive.
        void Release(TorchSharp.torch.Tensor? member)
        {
            if (member is not null && !h.Holds(member) && !result.Holds(member))
            {
                member.Dispose();
            }
        }
    }

    private Value RunBlocks<TState>(Site block, Value h, int from, int to, TState state, BlocksBody<TState> body)
    {
        if (_call.Hooks.At(block.Index) is not null)
        {
            return At(block, h, (State: state, From: from, To: to, Body: body), static (h, s, e) => s.Body(h, s.From, s.To, s.State, e));
        }

        var (outer, layout) = (_call.Current, Layout);
        _call.Current = block;
        var result = body(h, from, to, state, this);
        (_call.Current, Layout) = (outer, layout);
        return result;
    }
}
