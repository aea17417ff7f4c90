using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// One network call, passed down explicitly: the network raises its sites through it and strategies answer there. Nothing hooks modules, so one
/// set of weights serves concurrent requests. Without strategies every method is a direct call.
/// </summary>
public sealed partial class Evaluation
{
    private readonly CallContext _call;
    private readonly Evaluation? _parent;
    private readonly int[]? _positions;
    private readonly TokenSelection? _selection;
    private readonly long _text;

    /// <param name="call">What the network calls of a step share.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="layout">The layout, as far as it is known.</param>
    /// <param name="text">Tokens of the text that the rows bring (<see cref="DenoiserInfo.TextTokens"/>), for what the work costs.</param>
    internal Evaluation(CallContext call, RowSet rows, TokenLayout? layout, long text = 0)
    {
        (_call, Rows, Layout, _text) = (call, rows, layout, text);
    }

    private Evaluation(Evaluation parent, RowSet rows, int[]? positions, TokenSelection? selection)
        : this(parent._call, rows, parent.Layout, parent._text)
    {
        (_parent, _positions, _selection) = (parent, positions, selection);
    }

    /// <summary>The rows this evaluation runs on, in the order of dimension 0.</summary>
    public RowSet Rows { get; }

    /// <summary>The step this call belongs to.</summary>
    public StepInfo Step => _call.Step;

    /// <summary>How tokens lie in space. The network sets it at entry and wherever the resolution changes; what the body of a site sets holds to the end of that body.</summary>
    public TokenLayout? Layout { get; set; }

    /// <summary>Image tokens the body runs on: fewer than the layout's where a token method has reduced them.</summary>
    public long? Tokens
    {
        get
        {
            for (var e = this; e is not null; e = e._parent)
            {
                if (e._selection is not null)
                {
                    return e._selection.Kept;
                }
            }

            return Layout?.Tokens;
        }
    }

    /// <summary>
    /// An evaluation without strategies for calling a network directly: rows are the conditional branch of samples 0..rows-1.
    /// </summary>
    public static Evaluation Plain(int rows) => new(CallContext.Plain(), RowSet.Of(rows, Branch.Conditional), null);

    /// <summary>Whether a strategy works at this site: a network may fuse across the site where none does.</summary>
    public bool IsHooked(Site site) =>
        _call.Hooks.At(site.Index) is not null || _call.Hooks.Chain(site.Index) is not null || _call.Hooks.Attention(site.Index) is not null;

    /// <summary>
    /// A per-row input (modulation, text, time) for the rows of this evaluation. Free where nothing is narrowed. <paramref name="x"/> has the rows of this
    /// evaluation or of one it was narrowed from, or one row shared by all.
    /// </summary>
    /// <param name="x">Dimension 0 is rows × <paramref name="fold"/>.</param>
    /// <param name="fold">Entries per row along dimension 0, for example frames.</param>
    /// <exception cref="ArgumentException">Dimension 0 fits no enclosing evaluation.</exception>
    public Tensor ForRows(Tensor x, int fold = 1)
    {
        var length = x.size(0);
        if (_parent is null || length == (long)Rows.Count * fold || length == 1)
        {
            return x;
        }

        var at = _positions;
        for (var e = _parent; e is not null; e = e._parent)
        {
            if ((long)e.Rows.Count * fold == length)
            {
                return e.Rows.Take(x, at is null ? Identity(Rows.Count) : at);
            }

            at = Compose(e._positions, at);
        }

        throw new ArgumentException(
            $"At {_call.Current}: dimension 0 of a per-row tensor is {length}, which is no row count here ({Rows.Count} rows, fold {fold}). Pass the tensor as it was made for the whole call.", nameof(x));
    }

    /// <summary>
    /// A per-token input (RoPE table, mask, positions) for the tokens of this evaluation. Free where nothing is narrowed.
    /// </summary>
    /// <param name="x">
    /// Tensor with one entry per token along <paramref name="dim"/>, or one shared by all. Where it has rows too, they are this evaluation's: pass it through
    /// <see cref="ForRows"/> first.
    /// </param>
    /// <param name="dim">The token dimension. With rows that keep different tokens, a tensor with tokens along dimension 0 gains a row dimension.</param>
    /// <exception cref="ArgumentException">The dimension fits no enclosing evaluation.</exception>
    public Tensor ForTokens(Tensor x, int dim)
    {
        if (_parent is null || x.size(dim) == 1)
        {
            return x;
        }

        var narrowings = new Stack<TokenSelection>();
        int[]? at = null;
        for (var e = this; e is not null; e = e._parent)
        {
            if (e._selection is not { } selection)
            {
                at = Compose(e._positions, at);
                continue;
            }

            // A selection that only reorders keeps the count: it has to be applied.
            if (narrowings.Count == 0 && x.size(dim) == selection.Kept && selection.Kept != selection.Total)
            {
                return x;
            }

            narrowings.Push(selection.PerRow && at is not null ? selection with { Index = e.Rows.Take(selection.Index, at) } : selection);
            if (selection.Total == x.size(dim))
            {
                return Apply(narrowings, x, dim);
            }
        }

        return narrowings.Count == 0
            ? x
            : throw new ArgumentException($"At {_call.Current}: dimension {dim} of a per-token tensor is {x.size(dim)}, which is no token count here.", nameof(x));
    }

    /// <summary>
    /// Offers a signal to decisions, before the chain that they decide on. <paramref name="body"/> runs only when a strategy asks for the signal.
    /// </summary>
    public void Publish<TState>(Signal signal, Value h, TState state, SignalBody<TState> body)
    {
        if (_call.Hooks.Wants(signal))
        {
            _call.Signals[signal] = (body(h, state, this), this);
        }
    }

    /// <summary>Attention in the fastest dense form, or as a strategy has it. Returns [rows, heads, tokens, head_dim].</summary>
    public Tensor Attend(Site site, in AttentionInput input)
    {
        var outer = _call.Current;
        _call.Current = site;
        Tensor result;
        if (_call.Hooks.Attention(site.Index) is { } hooks)
        {
            _call.Hooks.NoteAttended(site);
            result = new AttentionNext(new(site, this), hooks).Invoke(input);
        }
        else
        {
            result = AttentionNext.Dense(input);
        }

        _call.Current = outer;
        return result;
    }

    internal CallContext Call => _call;

    internal Evaluation Narrow(int[] rows)
    {
        if (rows.Length == 0 || rows[0] < 0 || rows[^1] >= Rows.Count || !Ascends(rows))
        {
            throw new ArgumentException(
                $"At {_call.Current}: rows to run are ascending positions among {Rows.Count}, at least one; got [{string.Join(", ", rows)}].", nameof(rows));
        }

        return rows.Length == Rows.Count ? this : new(this, Rows.At(rows), rows, null);
    }

    internal Evaluation Narrow(TokenSelection tokens) => new(this, Rows, null, tokens);

    /// <summary>A published signal for the rows of this evaluation.</summary>
    internal Tensor? Signal(Signal signal) => _call.Signals.TryGetValue(signal, out var s) ? ForRows(s.Value) : null;

    /// <summary>Multiply-adds at a site for this evaluation's rows, or rows × frames.</summary>
    internal double Cost(Site site, Value input) =>
        Math.Max(Rows.Count, input.Main.size(0)) * site.Cost.MultiplyAdds(Tokens ?? (input.Main.ndim == 3 ? input.Main.size(1) : 1), _text, Layout?.Frames ?? 1);

    private static Tensor Apply(Stack<TokenSelection> narrowings, Tensor x, int dim)
    {
        while (narrowings.TryPop(out var selection))
        {
            var gained = selection.PerRow && dim == 0;
            x = selection.Take(x, dim);
            dim += gained ? 1 : 0;
        }

        return x;
    }

    private static bool Ascends(int[] positions)
    {
        for (var i = 1; i < positions.Length; i++)
        {
            if (positions[i] <= positions[i - 1])
            {
                return false;
            }
        }

        return true;
    }

    private static int[] Identity(int count) => [.. Enumerable.Range(0, count)];

    private static int[]? Compose(int[]? outer, int[]? inner) =>
        outer is null ? inner : inner is null ? outer : Array.ConvertAll(inner, i => outer[i]);
}
