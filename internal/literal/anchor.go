package literal

import "slices"

// A word's window begins this far into it, at most, and leaves this much of the
// word behind its first byte, but for words that are too long for both. The
// larger these are, the more bytes around a text's new part must be searched.
const (
	maxAnchor = 8
	maxTail   = 7
)

// chooseWindows returns, for each word, the offset of the four bytes that
// represent it: those whose pairs are the rarest in source code, so that few
// samples need a probe. Pairs that are in another word's window already cost
// nothing more. Words with the least choice go first.
func chooseAnchors(words []Word) []int {
	order := make([]int, len(words))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(words[a].Text) - len(words[b].Text) })
	common := pairFrequencies()
	chosen := make([]int, len(words))
	for _, i := range order {
		chosen[i] = rarestAnchor(words[i], common)
		for _, pair := range anchorPairs(words[i], chosen[i]) {
			common[pair] = 0
		}
	}
	return chosen
}

// rarestWindow returns the offset of the window of w that is the least common.
func rarestAnchor(w Word, common *[1 << 16]uint16) (best int) {
	first := min(max(0, len(w.Text)-1-maxTail), maxAnchor)
	least := 0
	for at := first; at <= min(len(w.Text)-anchorLen, maxAnchor); at++ {
		sum := 0
		for _, pair := range anchorPairs(w, at) {
			sum += int(common[pair])
		}
		if at == first || sum < least {
			best, least = at, sum
		}
	}
	return best
}

// windowPairs returns the pairs inside the window at an offset of w.
func anchorPairs(w Word, at int) (pairs []uint16) {
	for k := at; k < at+pairStride; k++ {
		pairs = append(pairs, spellings(w.Text[k], w.Text[k+1], w.Fold)...)
	}
	return pairs
}

// commonness weighs each pair of bytes by how often it is to be expected.
func pairFrequencies() *[1 << 16]uint16 {
	const first = 20 // the ranks' offset, by which the weights fit what was measured
	w := new([1 << 16]uint16)
	n := len(commonPairs) / 2
	for i := range w {
		w[i] = uint16(20_000 / (n + first) / 3)
	}
	for i := range n {
		w[uint16(commonPairs[2*i])|uint16(commonPairs[2*i+1])<<8] = uint16(20_000 / (i + first))
	}
	return w
}

// commonPairs are the most common pairs of printable bytes in what is new in the
// versions of source code, counted in the histories of six projects, the most
// common first.
const commonPairs = `   "onstinreater: e ":titeesioorenntse te"ant , artath",s codele amegeheced r aln etittr` +
	`ns spe iamed {cama clindasnenc }nglaoc},ecn"= idomouistochctilelea fut rriun =roInf paur` +
	`--haacrgnaraapfofisigiypus d o et_"Irto vepo"Life_uems prsicssmi -od bloLokeulnoshllda00` +
	`otefdisgTyadex lemck < mtspteTho nt-l s..c wrnagsoimy > g ltig 'mppr"aol 1ietuaipltt:"mo` +
	`rms"belu 0blupdosugsepxlqua abopum uvahi) cl (e.lsvi Ah p>20t._c"scueefammrcbunirud"uirr` +
	`tyRecrof11</e:spau-a_iwinfryos==020xaz-110evbai-iroweqpimud_sceysa"upp_sCos- vddibe,s_ob` +
	` h:{pu Sbo-2 Ctm-cn.t" [eglfs:x.* # "m-0-e_p.sTh T-f"rux%sm tcoo0,- _a. `
